import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { base } from '../objects/cabinet.ts'

test('the API reference is read without signing in and without anything from outside', async ({
  page,
}) => {
  const outside: string[] = []
  page.on('request', (request) => {
    if (!request.url().startsWith(base()) && !request.url().startsWith('data:')) {
      outside.push(request.url())
    }
  })
  const refused: string[] = []
  page.on('console', (message) => message.type() === 'error' && refused.push(message.text()))

  await page.goto(base())
  await page.getByRole('link', { name: 'API reference' }).click()
  await expect(page.getByRole('heading', { name: 'API reference' })).toBeVisible()
  await page.getByRole('searchbox', { name: 'Path, name or subject' }).fill('messages post')
  const send = page.getByRole('group').filter({ hasText: 'POST' }).first()
  await send.locator('summary').click()
  await expect(send.getByRole('columnheader', { name: 'Meaning' }).first()).toBeVisible()
  await expect(send.getByText('Made by the client; the same key is stored once')).toBeVisible()

  const found = await new AxeBuilder({ page }).analyze()
  expect(found.violations.map((v) => `${v.id}: ${v.nodes[0]?.html}`)).toEqual([])
  await page
    .getByText('Русский')
    .or(page.getByText('RU', { exact: true }))
    .first()
    .click()
  await expect(page.getByRole('heading', { name: 'Справочник по API' })).toBeVisible()
  expect(outside).toEqual([])
  expect(refused.filter((text) => !text.includes('401'))).toEqual([])
})
