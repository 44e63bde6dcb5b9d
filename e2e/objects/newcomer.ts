import {
  type Browser,
  type BrowserContext,
  expect,
  type Locator,
  type Page,
} from '@playwright/test'
import { base } from './cabinet.ts'

interface Person {
  name: string
  email: string
  phone: string
  password: string
}

/** Somebody who has no account yet. */
export class Newcomer {
  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
    readonly person: Person,
  ) {}

  static async come(browser: Browser, person: Person): Promise<Newcomer> {
    const context = await browser.newContext({ locale: 'en-GB' })
    const page = await context.newPage()
    await page.goto(`${base()}/`)
    await page.getByRole('link', { name: 'Register' }).click()
    return new Newcomer(context, page, person)
  }

  get register(): Locator {
    return this.page.getByRole('button', { name: 'Register', exact: true })
  }

  get code(): Locator {
    return this.page.getByLabel('Code from the SMS')
  }

  async fillIn(): Promise<void> {
    const { name, email, phone, password } = this.person
    await this.page.getByLabel('Your name').fill(name)
    await this.page.getByLabel('Email').fill(email)
    await this.page.getByLabel('Password', { exact: true }).fill(password)
    await this.page.getByLabel('Phone').fill(phone)
    await this.page.getByRole('button', { name: 'Confirm', exact: true }).click()
    await expect(this.code).toBeVisible()
  }

  async agree(): Promise<void> {
    await this.page.getByLabel('I agree to the terms and conditions').check()
    await this.page.getByLabel('I agree to the personal data policy').check()
  }

  async signIn(): Promise<void> {
    await this.page.getByLabel('Email or phone').fill(this.person.email)
    await this.page.getByLabel('Password', { exact: true }).fill(this.person.password)
    await this.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await this.page.waitForURL(/\/c\/\d+/)
  }

  close(): Promise<void> {
    return this.context.close()
  }
}
