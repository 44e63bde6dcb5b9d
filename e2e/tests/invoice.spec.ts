import { expect, test } from '@playwright/test'
import { Cabinet } from '../objects/cabinet.ts'
import { Invoices, Sold } from '../objects/invoices.ts'
import { audit } from '../objects/program.ts'

interface Information {
  name: string
  email: string
  phone: string
  time_zone: string
  max_dialogs: number
  requisites: { inn: string }
  version: number
}

test('a top-up: invoice, paper, payment, balance', async ({ browser }) => {
  test.slow()
  const owner = await Cabinet.signIn(browser, 'owner@red.example')
  await owner.api('PATCH', '/me', { language: 'en' })
  const admin = await Cabinet.signIn(browser, 'admin@parley.example')
  await admin.api('PATCH', '/me', { language: 'en' })
  const invoices = new Invoices(owner)
  const change = async (inn: string) => {
    const { version, ...all } = await owner.own<Information>('GET', '/information')
    const { name, email, phone, time_zone, max_dialogs } = all
    const answer = await owner.context.request.put(
      `${process.env.PARLEY_URL}/api/v1/companies/${owner.company}/information`,
      {
        data: {
          name,
          email,
          phone,
          time_zone,
          max_dialogs,
          requisites: { ...all.requisites, inn },
        },
        headers: { 'If-Match': `"${version}"` },
      },
    )
    expect(answer.ok(), await answer.text()).toBe(true)
  }
  const { inn } = (await owner.own<Information>('GET', '/information')).requisites

  // Without its taxpayer number the company gets no invoice; the refusal leads to the field, the amount stays.
  await change('')
  await owner.context.addCookies([
    { name: 'parley_reminded', value: String(owner.company), url: process.env.PARLEY_URL ?? '' },
  ])
  await owner.open('/account')
  await invoices.ask('12345.60')
  await invoices.menu.getByRole('link', { name: 'INN (taxpayer number)' }).click()
  await expect(owner.page.getByRole('textbox', { name: /^INN/ })).toBeFocused()
  await invoices.balance.click()
  await expect(invoices.amount).toHaveValue('12345.60')
  await change(inn)

  // With it, the invoice is there at once, and its paper is a PDF.
  await owner.open('/account')
  await invoices.ask('12345.60')
  const number = await invoices.number()
  const paper = await invoices.paper()
  expect(paper.name).toBe(`${number}.pdf`)
  expect(paper.bytes.subarray(0, 5).toString()).toBe('%PDF-')
  await owner.page.getByRole('link', { name: '← Invoices' }).click()
  await expect(invoices.row(number)).toContainText('Issued')
  await invoices.row(number).getByRole('link', { name: number, exact: true }).click()
  const before = await invoices.balance.innerText()

  // The seller confirms the payment; the buyer's open page follows by itself.
  const posted = await new Sold(admin, '/back-office/invoices').confirm(number, `PO-${number}`)
  await expect(posted).toContainText(`To invoice ${number}`)
  await expect(posted).toContainText('12,345.60')
  await expect(invoices.balance).not.toHaveText(before)
  await expect(owner.page.getByText('Paid', { exact: true }).first()).toBeVisible()
  await expect(owner.page.getByText(`Payment order PO-${number}`)).toBeVisible()

  // The same document is not posted twice, whoever sends it.
  const again = await admin.context.request.post(
    `${process.env.PARLEY_URL}/api/v1/back-office/invoices/${owner.company}/${owner.page.url().split('/').pop()}/payments`,
    {
      data: {
        amount: '12345.60',
        currency: 'RUB',
        received_on: new Date(Date.now() + 3 * 3600_000).toISOString().slice(0, 10),
        document: `PO-${number}`,
      },
      headers: { 'Idempotency-Key': crypto.randomUUID() },
    },
  )
  expect(again.status()).toBe(409)

  await owner.open('/account?kind=deposit')
  await expect(owner.page.getByText(number).first()).toBeVisible()
  expect(audit()).toContain('0 differences')
  await Promise.all([owner.close(), admin.close()])
})
