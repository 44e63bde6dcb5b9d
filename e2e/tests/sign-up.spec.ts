import { expect, test } from '@playwright/test'
import { Information } from '../objects/information.ts'
import { codeFor, linkFor } from '../objects/network.ts'
import { Newcomer } from '../objects/newcomer.ts'

test('a visitor registers with a code by SMS, confirms the email, and describes the company', async ({
  browser,
}) => {
  test.slow()
  const unique = String(Date.now()).slice(-7)
  const newcomer = await Newcomer.come(browser, {
    name: 'Vera Newman',
    email: `vera${unique}@newman.example`,
    phone: `+7916${unique}`,
    password: 'cherry pie for 42',
  })
  const { page, person } = newcomer

  await newcomer.fillIn()
  await newcomer.agree()
  await expect(newcomer.register).toBeDisabled()
  const code = await codeFor(person.phone)
  await newcomer.code.fill(code === '000000' ? '000001' : '000000')
  await expect(page.getByText('4 tries are left')).toBeVisible()
  await expect(newcomer.register).toBeDisabled()
  await newcomer.code.fill(code)
  await expect(page.getByText('The phone is confirmed')).toBeVisible()
  await newcomer.register.click()
  await expect(page.getByText('Check your mail')).toBeVisible()

  await page.goto(await linkFor(person.email, '/confirm-email'))
  await expect(page.getByText('The email is confirmed')).toBeVisible()
  await page.getByRole('link', { name: 'To the cabinet' }).click()
  await newcomer.signIn()

  const information = new Information(page)
  await expect(information.window).toBeVisible()
  await information.close()
  await expect(information.strip).toBeVisible()
  await information.strip.getByRole('button', { name: 'Fill in' }).click()

  await information.fill({ name: 'Newman Pies' })
  await information.choose('requisites.country', 'Russia')
  await information.choose('requisites.kind', 'Sole entrepreneur (IP)')
  await information.fill({
    'requisites.legal_name': 'Ньюман Вера Ивановна',
    'requisites.inn': '667123456780',
    'requisites.ogrn': '324665800123451',
    'requisites.bank.bik': '044525225',
    'requisites.bank.name': 'Sberbank',
    'requisites.bank.account': '40802810916540012345',
    'requisites.bank.correspondent_account': '30101810400000000225',
    'requisites.legal_address.postal_code': '620014',
    'requisites.legal_address.city': 'Екатеринбург',
    'requisites.legal_address.street': 'ул. Малышева, 36',
  })
  await information.choose('requisites.tax_regime', 'Patent (PSN)')
  await information.save()
  await expect(information.window.getByText('There is no such INN')).toBeVisible()
  await information.fill({ 'requisites.inn': '667123456785' })
  await information.save()

  await expect(information.window).toBeHidden()
  await expect(information.strip).toBeHidden()
  await expect(page.getByText('Newman Pies').first()).toBeVisible()
  await page.reload()
  await expect(page.getByText('Newman Pies').first()).toBeVisible()
  await expect(information.window).toBeHidden()
  await expect(information.strip).toBeHidden()
  await newcomer.close()
})
