import { expect, type Locator, type Page } from '@playwright/test'

/** The window that asks for what papers need. */
export class Information {
  constructor(private readonly page: Page) {}

  get window(): Locator {
    return this.page.getByRole('dialog', { name: 'Company information' })
  }

  /** The line on top of every page while something is missing. */
  get strip(): Locator {
    return this.page.getByRole('complementary', { name: 'Company information' })
  }

  private field(path: string): Locator {
    return this.window.locator(`[data-path="${path}"]`)
  }

  async fill(values: Record<string, string>): Promise<void> {
    for (const [path, value] of Object.entries(values)) await this.field(path).fill(value)
  }

  /** Picks from a list that searches as one types, or just opens. */
  async choose(path: string, option: string): Promise<void> {
    await this.field(path).click()
    await this.page.getByRole('option', { name: option }).click()
  }

  async save(): Promise<void> {
    await this.window.getByRole('button', { name: 'Save company' }).click()
  }

  async close(): Promise<void> {
    await this.window.getByRole('button', { name: 'Close' }).click()
    await expect(this.window).toBeHidden()
  }
}
