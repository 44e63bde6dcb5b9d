import { expect, test } from '@playwright/test'
import { Cabinet } from '../objects/cabinet.ts'
import { textTo } from '../objects/network.ts'

test('a campaign is written, started and followed to each message and its price', async ({
  browser,
}) => {
  const owner = await Cabinet.signIn(browser, 'owner@blue.example')
  await owner.api('PATCH', '/me', { language: 'en' })
  const { page } = owner
  const name = `Rye bread ${Date.now()}`

  await owner.open('/campaigns/new')
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name)
  await page.getByRole('combobox', { name: 'Contact list' }).click()
  await page.getByRole('option', { name: /^Regular guests/ }).click()
  await page.getByRole('textbox', { name: 'Text', exact: true }).fill('Rye bread is back, ')
  await page.getByRole('button', { name: '{name}', exact: true }).click()
  await expect(page.getByText('1 part', { exact: true })).toBeVisible()
  await page.getByRole('button', { name: 'Save the draft' }).click()

  await page.getByRole('button', { name: 'Start' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Start' }).click()
  const totals = page.getByRole('region', { name: 'Totals' })
  await expect(totals.getByRole('link', { name: 'Delivered 53' })).toBeVisible()
  await expect(totals).toContainText('Failed7')
  await expect(page.getByText('Finished', { exact: true }).first()).toBeVisible()
  await expect(page.getByText('Lost0')).toBeVisible()

  await totals.getByRole('link', { name: 'Delivered 53' }).click()
  await page.getByRole('searchbox', { name: /^Phone/ }).fill('+7 912 000-01-01')
  await page.getByRole('link', { name: '+79120000101' }).click()
  await expect(page.getByText('Rye bread is back, Ada', { exact: true })).toBeVisible()
  await expect(page.getByText('charged').first()).toBeVisible()
  await expect(page.getByText(/^₽\d/).last()).toBeVisible()
  expect(await textTo('+79120000101', 'Rye bread')).toBe('Rye bread is back, Ada')
  await owner.close()
})
