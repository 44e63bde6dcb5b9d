import { expect, type Locator } from '@playwright/test'
import type { Cabinet } from './cabinet.ts'

/** The operator panel of a person. */
export class Panel {
  constructor(readonly cabinet: Cabinet) {}

  private get page() {
    return this.cabinet.page
  }

  async online(): Promise<void> {
    await this.cabinet.own('PUT', '/operator-state', { state: 'online' })
  }

  async open(view = 'mine'): Promise<void> {
    await this.cabinet.open(`/panel?view=${view}`)
  }

  row(text: string): Locator {
    return this.page
      .getByRole('listbox')
      .or(this.page.getByLabel('Dialogs'))
      .getByText(text)
      .first()
  }

  async choose(text: string): Promise<void> {
    await this.row(text).click()
    await expect(this.composer).toBeVisible()
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: /^(Answer|Internal note)$/ })
  }

  get thread(): Locator {
    return this.page.getByLabel('Messages', { exact: true })
  }

  async answer(text: string): Promise<void> {
    await this.composer.fill(text)
    await this.composer.press('Enter')
  }
}
