import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { Cabinet } from '../objects/cabinet.ts'
import { Panel } from '../objects/panel.ts'
import { Visitor } from '../objects/visitor.ts'

test('a client writes, an operator answers, the company pays', async ({ browser }) => {
  test.slow()
  const operator = await Cabinet.signIn(browser, 'operator@green.example')
  const owner = await Cabinet.signIn(browser, 'owner@green.example')
  const panel = new Panel(operator)
  await panel.online()
  await panel.open()
  const before = await owner.own<{ balance: string }>('GET', '/balance')

  const visitor = await Visitor.come(browser, await owner.code())
  const question = `Can you look at my brakes? ${Date.now()} 🙂`
  await visitor.write(question)

  // It comes to the operator by itself, and says why.
  await panel.choose(question)
  await expect(panel.thread.getByText(question)).toBeVisible()
  await operator.page.getByText('Why me?').click()
  await expect(operator.page.getByText('Got the dialog')).toBeVisible()
  await operator.page.keyboard.press('Escape')

  // Typing is seen on the other side, and so is the answer, and that it was read.
  await panel.composer.pressSequentially('Of course')
  await expect(visitor.frame.getByText(/is typing/).first()).toBeAttached()
  const answer = `Of course, come at three. ${Date.now()}`
  await panel.answer(answer)
  await expect(visitor.message(answer)).toBeVisible()
  await expect(
    panel.thread
      .getByLabel('Read', { exact: true })
      .or(panel.thread.getByText('Read', { exact: true }))
      .last(),
  ).toBeAttached()

  // A note stays inside.
  await operator.page.getByText('Note', { exact: true }).first().click()
  const note = `Regular client ${Date.now()}`
  await panel.answer(note)
  await expect(panel.thread.getByText(note)).toBeVisible()

  // A file goes over.
  await visitor.frame
    .locator('input[type="file"]')
    .first()
    .setInputFiles({
      name: 'brakes.txt',
      mimeType: 'text/plain',
      buffer: Buffer.from('They squeal.'),
    })
  await visitor.frame.getByRole('button', { name: 'Send' }).click()
  await expect(panel.thread.getByText('brakes.txt')).toBeVisible()

  // Reloading keeps the history, without the note.
  await visitor.page.reload()
  await expect(visitor.message(question)).toBeVisible()
  await expect(visitor.message(answer)).toBeVisible()
  await expect(visitor.message(note)).toHaveCount(0)

  // Two messages of the client, one of them a file, one answer and the greeting were charged.
  await expect
    .poll(async () => {
      const now = await owner.own<{ balance: string }>('GET', '/balance')
      return (Number(before.balance) - Number(now.balance)).toFixed(2)
    })
    .toBe('1.90')

  // The owner sees the price on the bubble, with its ledger entry.
  const ownersPanel = new Panel(owner)
  await ownersPanel.open('all')
  await ownersPanel.row('brakes.txt').click()
  const bubble = ownersPanel.thread.getByText(answer)
  await bubble.hover()
  await owner.page
    .getByRole('button', { name: /Price:.*1\.00/ })
    .first()
    .click()
  await expect(owner.page.getByText('Retail price')).toBeVisible()
  await expect(owner.page.getByText('Wholesale price')).toHaveCount(0)
  await expect(owner.page.getByText('Ledger entry')).toBeVisible()
  await owner.page.keyboard.press('Escape')

  const found = await new AxeBuilder({ page: operator.page }).analyze()
  expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([])

  await operator.page.getByRole('button', { name: 'Close', exact: true }).first().click()
  await operator.page.getByText('Booked').first().click()
  await operator.page
    .getByRole('dialog')
    .getByRole('button', { name: 'Close', exact: true })
    .last()
    .click()
  await expect(visitor.frame.getByText(/dialog is closed/)).toBeVisible()

  await Promise.all([operator.close(), owner.close(), visitor.close()])
})

test('the network goes and comes back: nothing is lost, nothing doubled', async ({ browser }) => {
  const owner = await Cabinet.signIn(browser, 'owner@green.example')
  const visitor = await Visitor.come(browser, await owner.code())
  const stamp = Date.now()
  await visitor.write(`before ${stamp}`)

  await visitor.context.setOffline(true)
  for (const n of [1, 2, 3]) {
    await visitor.write(`offline ${n} ${stamp}`)
  }
  await visitor.context.setOffline(false)

  const panel = new Panel(owner)
  await panel.open('all')
  await panel.row(`offline 3 ${stamp}`).click()
  for (const text of [
    `before ${stamp}`,
    `offline 1 ${stamp}`,
    `offline 2 ${stamp}`,
    `offline 3 ${stamp}`,
  ]) {
    await expect(panel.thread.getByText(text, { exact: true })).toHaveCount(1)
  }
  await Promise.all([owner.close(), visitor.close()])
})
