import { expect, test } from 'vitest'
import { moment, oneOf, parseSearch, stringifySearch, word } from './search'

test('filters survive the URL as they are, numbers and quotes too', () => {
  const search = { q: '0042 "a&b" ё', kind: 'deposit', from: '2026-11-01T09:30' }
  expect(parseSearch(stringifySearch(search))).toEqual(search)
  expect(stringifySearch({ q: '', state: undefined, open: null })).toBe('')
})

test('what does not fit is absent', () => {
  expect(word('')).toBeUndefined()
  expect(word(5)).toBeUndefined()
  expect(oneOf('deposit', ['charge', 'deposit'])).toBe('deposit')
  expect(oneOf('toString', ['charge'])).toBeUndefined()
  expect(moment('2026-11-01T09:30')).toBe('2026-11-01T09:30')
  expect(moment('2026-11-01')).toBeUndefined()
  expect(moment("2026-11-01T09:30'; drop")).toBeUndefined()
})
