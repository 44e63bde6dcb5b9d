import { readFile } from 'node:fs/promises'
import { expect, type Locator } from '@playwright/test'
import type { Cabinet } from './cabinet.ts'

/** What a company sees of its invoices: the money menu, the list, one of them. */
export class Invoices {
  constructor(private readonly cabinet: Cabinet) {}

  private get page() {
    return this.cabinet.page
  }

  get balance(): Locator {
    return this.page.locator('header').getByRole('button', { name: /^Balance/ })
  }

  /** The window that the balance opens. */
  get menu(): Locator {
    return this.page.getByRole('dialog').filter({ hasText: 'Credit limit' })
  }

  get amount(): Locator {
    return this.menu.getByLabel('Amount to top up')
  }

  async ask(amount: string): Promise<void> {
    if (!(await this.menu.isVisible())) await this.balance.click()
    await this.amount.fill(amount)
    await this.menu.getByRole('button', { name: 'Create an invoice' }).click()
  }

  /** The number of the invoice whose page is open. */
  async number(): Promise<string> {
    const heading = this.page.getByRole('heading', { level: 1, name: /^Invoice T/ })
    await expect(heading).toBeVisible()
    return (await heading.innerText()).replace('Invoice ', '')
  }

  row(number: string): Locator {
    return this.page.getByRole('row').filter({ hasText: number })
  }

  /** What the button on the invoice's page downloads. */
  async paper(): Promise<{ name: string; bytes: Buffer }> {
    const coming = this.page.waitForEvent('download')
    await this.page.getByRole('link', { name: 'Download PDF' }).click()
    const download = await coming
    return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) }
  }
}

/** Where a seller confirms what has come in by bank. */
export class Sold {
  constructor(
    private readonly cabinet: Cabinet,
    private readonly path: string,
  ) {}

  async confirm(number: string, document: string): Promise<Locator> {
    const { page } = this.cabinet
    await this.cabinet.open(`${this.path}?q=${number}`)
    await page.getByRole('button', { name: `Confirm a payment of invoice ${number}` }).click()
    const form = page.getByRole('dialog')
    await form.getByLabel('Document number').fill(document)
    await form.getByRole('button', { name: 'Confirm payment' }).click()
    return page.getByRole('dialog').filter({ hasText: 'The payment is posted' })
  }
}
