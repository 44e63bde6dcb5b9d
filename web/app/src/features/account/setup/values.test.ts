import { expect, test } from 'vitest'
import { initialValues, mailRoute, setupOf, smsRoute, stepOf } from './values'

test('the ways out are addresses that the server reads, whatever a password contains', () => {
  const values = initialValues('Parley', 'en')
  values.mail = {
    host: ' smtp.example.com ',
    port: '465',
    security: 'tls',
    user: 'me@example.com',
    password: 'p@ss:w/rd',
    from: 'Parley <no-reply@example.com>',
  }
  expect(mailRoute(values).url).toBe(
    'smtps://me%40example.com:p%40ss%3Aw%2Frd@smtp.example.com:465',
  )
  values.sms = { ...values.sms, host: 'smsc.example.com', user: 'a', password: 'b' }
  expect(smsRoute(values).url).toBe('smpp://a:b@smsc.example.com:2775')
  expect(setupOf(values).mail?.from).toBe('Parley <no-reply@example.com>')
})

test('a way out that was left empty is not sent', () => {
  const setup = setupOf(initialValues('Parley', 'ru'))
  expect(setup.mail).toBeUndefined()
  expect(setup.sms).toBeUndefined()
  expect(setup.company.currency).toBe('RUB')
})

test('a refused field leads to its step', () => {
  expect(stepOf('admin.email')).toBe('admin')
  expect(stepOf('requisites.bank.bik')).toBe('seller')
  expect(stepOf('mail.host')).toBe('mail')
})
