import { expect, test } from 'vitest'
import { addressToSend, needsPassword, readAddress, writeAddress } from './address'

test('an address is taken apart and put together', () => {
  const way = readAddress('smpp://par%40ley@smsc.example.com:2776?window=50&rate=100', 'smpp')
  expect(way).toEqual({
    scheme: 'smpp',
    host: 'smsc.example.com',
    port: '2776',
    user: 'par@ley',
    password: '',
    further: '?window=50&rate=100',
  })
  expect(writeAddress({ ...way, password: 'a:b/c' })).toBe(
    'smpp://par%40ley:a%3Ab%2Fc@smsc.example.com:2776?window=50&rate=100',
  )
})

test.each([
  ['smtp+plain://127.0.0.1:2525', { scheme: 'smtp+plain', host: '127.0.0.1', port: '2525' }],
  ['smtps://[::1]', { scheme: 'smtps', host: '[::1]', port: '465' }],
  ['', { scheme: 'smpp', host: '', port: '2775' }],
])('%s', (address, parts) => {
  expect(readAddress(address, 'smpp')).toMatchObject(parts)
})

test('the stored password stays as long as the address does', () => {
  const was = readAddress('smpp://parley@smsc.example.com:2775', 'smpp')
  expect(addressToSend(was, was)).toBeUndefined()
  expect(needsPassword(was, was)).toBe(false)
  const elsewhere = { ...was, host: 'other.example.com' }
  expect(needsPassword(was, elsewhere)).toBe(true)
  expect(needsPassword(was, { ...elsewhere, user: '' })).toBe(false)
  expect(addressToSend(was, { ...was, password: 'new' })).toBe(
    'smpp://parley:new@smsc.example.com:2775',
  )
})
