import { type Browser, type BrowserContext, expect, type Page } from '@playwright/test'

export const base = () => process.env.PARLEY_URL ?? 'http://localhost:8080'
export const password = 'parley-demo'

/** A signed-in person with a browser of their own. */
export class Cabinet {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly company: number,
  ) {}

  static async signIn(browser: Browser, login: string, look: object = {}): Promise<Cabinet> {
    const context = await browser.newContext({ ...look })
    const page = await context.newPage()
    await page.goto(`${base()}/sign-in`)
    await page.locator('input[autocomplete="username"]').fill(login)
    await page.locator('input[autocomplete="current-password"]').fill(password)
    await page.locator('button[type="submit"]').click()
    await page.waitForURL(/\/c\/\d+/)
    return new Cabinet(context, page, Number(/\/c\/(\d+)/.exec(page.url())?.[1]))
  }

  async open(path: string): Promise<void> {
    await this.page.goto(`${base()}/c/${this.company}${path}`)
  }

  /** Asks the API as this person. */
  async api<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, data?: unknown): Promise<T> {
    const answer = await this.context.request.fetch(`${base()}/api/v1${path}`, {
      method,
      data,
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    })
    expect(answer.ok(), `${method} ${path}: ${answer.status()} ${await answer.text()}`).toBe(true)
    return answer.status() === 204 ? (undefined as T) : ((await answer.json()) as T)
  }

  own<T>(method: 'GET' | 'POST' | 'PUT' | 'PATCH', path: string, data?: unknown): Promise<T> {
    return this.api<T>(method, `/companies/${this.company}${path}`, data)
  }

  /** The widget's line of the company's first chat. */
  async code(): Promise<string> {
    const chats = await this.own<{ items: { code: string }[] }>('GET', '/chats')
    return chats.items[0]?.code ?? ''
  }

  close(): Promise<void> {
    return this.context.close()
  }
}
