import {
  type Browser,
  type BrowserContext,
  expect,
  type FrameLocator,
  type Locator,
  type Page,
} from '@playwright/test'

/** Somebody on a site that has pasted the widget's line. */
export class Visitor {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async come(browser: Browser, code: string, look: object = {}): Promise<Visitor> {
    const context = await browser.newContext({ ...look })
    const page = await context.newPage()
    await page.goto(`${process.env.SHOP_URL}/?code=${encodeURIComponent(code)}`)
    const visitor = new Visitor(context, page)
    await visitor.open()
    return visitor
  }

  async open(): Promise<void> {
    await this.page.getByRole('button', { name: 'Open chat' }).click()
    await expect(this.field).toBeVisible()
  }

  get frame(): FrameLocator {
    return this.page.frameLocator('iframe')
  }

  get field(): Locator {
    return this.frame.getByRole('textbox', { name: 'Write a message' })
  }

  message(text: string): Locator {
    return this.frame.getByText(text, { exact: true })
  }

  async write(text: string): Promise<void> {
    await this.field.fill(text)
    await this.field.press('Enter')
    await expect(this.message(text)).toBeVisible()
  }

  close(): Promise<void> {
    return this.context.close()
  }
}
