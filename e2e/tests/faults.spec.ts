import { expect, test } from '@playwright/test'
import { PrivatePostgres } from '../harness/postgres.ts'
import { Cabinet } from '../objects/cabinet.ts'
import { Panel } from '../objects/panel.ts'
import { audit, readiness } from '../objects/program.ts'
import { Visitor } from '../objects/visitor.ts'

test('Postgres is gone for a while: both sides are told, nothing is lost, nothing doubled', async ({
  browser,
}) => {
  test.slow()
  const operator = await Cabinet.signIn(browser, 'operator@green.example')
  const owner = await Cabinet.signIn(browser, 'owner@green.example')
  const panel = new Panel(operator)
  await panel.online()
  await panel.open()
  await owner.open('/users')
  const stamp = Date.now()
  const question = `Do you repair bicycles? ${stamp}`
  const answer = `We do ${stamp}`
  const visitor = await Visitor.come(browser, await owner.code())
  await visitor.write(question)
  await panel.choose(question)
  await panel.answer(answer)
  await expect(visitor.message(answer)).toBeVisible()
  for (const { page } of [operator, owner, visitor]) {
    await page.evaluate(() => Object.assign(window, { neverReloaded: true }))
  }

  const postgres = new PrivatePostgres()
  postgres.goAway()
  await expect.poll(readiness).toBe(503)

  // What is sent now waits where it was sent, in its order; what is only typed stays in its field.
  const asked = [`And on Sunday? ${stamp}`, `Or on Monday? ${stamp}`]
  const answered = [`Monday to Friday ${stamp}`, `From nine ${stamp}`]
  for (const text of asked) {
    await visitor.write(text)
  }
  await visitor.field.fill('Also, my brakes')
  for (const text of answered) {
    await panel.answer(text)
    await expect(panel.thread.getByText(text, { exact: true })).toBeVisible()
  }
  await panel.composer.fill('One more thing')

  // All of them are told in words.
  await expect(
    visitor.frame.getByText('The chat does not answer. Your messages are kept', { exact: false }),
  ).toBeVisible()
  await expect(operator.page.getByText('No connection. Reconnecting…')).toBeVisible()
  await expect(
    operator.page.getByText('What you send waits here and goes out by itself', { exact: false }),
  ).toBeVisible()
  await expect(panel.thread.getByText('No answer from the server. Trying again…')).toBeVisible()
  await owner.page.getByRole('link', { name: 'Account' }).first().click()
  await expect(
    owner.page.getByText('The service does not answer right now', { exact: false }),
  ).toBeVisible()
  await expect(visitor.field).toHaveValue('Also, my brakes')
  await expect(panel.composer).toHaveValue('One more thing')

  postgres.comeBack()
  await expect.poll(readiness, { timeout: 30_000 }).toBe(200)

  // Nobody touches anything, and everything is there once, on both sides.
  const all = [question, answer, ...asked, ...answered]
  const late = { timeout: 30_000 }
  await expect(panel.thread.getByText(asked[1] ?? '', { exact: true })).toBeVisible(late)
  await expect(visitor.message(answered[1] ?? '')).toBeVisible(late)
  for (const text of all) {
    await expect(panel.thread.getByText(text, { exact: true })).toHaveCount(1)
    await expect(visitor.message(text)).toHaveCount(1)
  }
  await expect(operator.page.getByText('No connection. Reconnecting…')).toBeHidden()
  await expect(panel.thread.getByText('No answer from the server. Trying again…')).toHaveCount(0)
  await expect(owner.page.getByRole('table')).toBeVisible(late)
  await expect(visitor.field).toHaveValue('Also, my brakes')
  await visitor.field.press('Enter')
  await expect(panel.thread.getByText('Also, my brakes', { exact: true })).toBeVisible()
  await expect(panel.composer).toHaveValue('One more thing')
  const state = await operator.own<{ state: string }>('GET', '/operator-state')
  expect(state.state).toBe('online')
  for (const { page } of [operator, owner, visitor]) {
    expect(await page.evaluate(() => 'neverReloaded' in window)).toBe(true)
  }
  expect(audit()).toContain('0 differences')
  await Promise.all([operator.close(), owner.close(), visitor.close()])
})
