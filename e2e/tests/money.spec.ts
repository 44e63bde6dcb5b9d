import { expect, test } from '@playwright/test'
import { Cabinet } from '../objects/cabinet.ts'
import { Panel } from '../objects/panel.ts'
import { Visitor } from '../objects/visitor.ts'

interface Company {
  id: number
  name: string
  balance: string
}

test('without money an answer is refused, keeps its text, and goes out after a deposit', async ({
  browser,
}) => {
  test.slow()
  const admin = await Cabinet.signIn(browser, 'admin@parley.example')
  const owner = await Cabinet.signIn(browser, 'owner@red.example')
  const operator = await Cabinet.signIn(browser, 'operator1@red.example', { locale: 'en-GB' })
  await operator.api('PATCH', '/me', { language: 'en' })
  await owner.api('PATCH', '/me', { language: 'en' })
  await owner.open('/users')
  const pinned = owner.page.getByRole('complementary', { name: 'Service is suspended' })

  // The platform raises prices as far as they go, so that the company has money
  // for a few answers.
  const companies = await admin.api<{ items: Company[] }>('GET', '/back-office/companies?q=Red')
  const poor = companies.items[0]
  const enough = Math.ceil(Number(poor?.balance) / 1000) + 1
  const lists = await admin.api<{ items: { id: string; name: string }[] }>(
    'GET',
    '/back-office/price-lists',
  )
  const retail = lists.items.find((list) => list.name === 'Retail')
  await admin.api('POST', `/back-office/price-lists/${retail?.id}/versions`, {
    items: [
      { item: 'chat.operator_message', unit_price: '1000' },
      { item: 'chat.contact_message', unit_price: '1000' },
    ],
  })

  const panel = new Panel(operator)
  await panel.online()
  const visitor = await Visitor.come(browser, await owner.code(), { locale: 'en-GB' })
  const question = `Is there a spare brush? ${Date.now()}`
  await visitor.write(question)
  await panel.open()
  await panel.choose(question)
  await new Promise((wake) => setTimeout(wake, 6000)) // new prices hold from five seconds after they were set

  const text = 'Yes, two of them'
  const refused = operator.page.getByText('Your text is kept', { exact: false }).first()
  for (let n = 1; n <= enough && !(await refused.isVisible()); n++) {
    await panel.answer(`${text} ${n}`)
    await expect(
      panel.thread.getByText(`${text} ${n}`, { exact: true }).or(refused).first(),
    ).toBeVisible()
    await operator.page.waitForTimeout(700)
  }
  await expect(refused).toBeVisible()
  await expect(panel.composer).not.toHaveValue('')
  const kept = await panel.composer.inputValue()
  await expect(visitor.message(kept)).toHaveCount(0)

  // What the client writes arrives all the same. It takes the balance below zero, and the owner reads so on any page.
  await expect(pinned).toBeHidden()
  await visitor.write('Hello?')
  await expect(panel.thread.getByText('Hello?', { exact: true })).toBeVisible()
  await expect(pinned).toContainText('Top up')

  // The platform posts a deposit by hand.
  await admin.page.goto(`${process.env.PARLEY_URL}/c/${admin.company}/back-office/companies`)
  await admin.page.getByRole('button', { name: `Actions for ${poor?.name}` }).click()
  await admin.page.getByText('Post a deposit').click()
  const form = admin.page.getByRole('dialog')
  await form.getByLabel('Amount').fill('5000')
  await form.getByLabel('Reason').fill('Payment order 42')
  await form.getByRole('button', { name: 'Post the deposit' }).click()
  await expect(admin.page.getByText(/posted to Red Robot/)).toBeVisible()
  await expect(pinned).toBeHidden()
  await owner.page.getByRole('button', { name: /^Notices:/ }).click()
  const notices = owner.page.getByRole('region', { name: 'Notices' })
  for (const title of [
    'A payment of ₽5,000.00 came in',
    'Everything works again',
    'Service was suspended',
  ])
    await expect(notices.getByText(title)).toBeVisible()
  await notices.getByRole('button', { name: 'Mark all as read' }).click()
  await expect(owner.page.getByRole('button', { name: 'Notices: 0 unread' })).toBeVisible()

  // The same text goes out now.
  await operator.page
    .getByRole('button', { name: /^(Send again|Send)$/ })
    .last()
    .click()
  await expect(visitor.message(kept)).toBeVisible()

  // The company sees both in its account.
  await owner.open('/account')
  await expect(owner.page.getByText('Payment order 42').first()).toBeVisible()
  await Promise.all([admin.close(), owner.close(), operator.close(), visitor.close()])
})
