import { describe, expect, test } from 'vitest'
import {
  currencySymbol,
  formatMoney,
  isNegative,
  isZero,
  micros,
  parseAmount,
  typedAmount,
} from './money.ts'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')

describe('formatMoney', () => {
  test.each([
    ['1234.56', 'ru', '1 234,56 ₽'],
    ['1234.56', 'en', '₽1,234.56'],
    ['0.012345', 'en', '₽0.012345'],
    ['-5', 'ru', '−5,00 ₽'],
    ['9007199254740993.000001', 'en', '₽9,007,199,254,740,993.000001'],
  ])('%s in %s', (amount, locale, want) => {
    expect(plain(formatMoney({ amount, currency: 'RUB' }, locale))).toBe(want)
  })

  test('signed shows the plus but never a signed zero', () => {
    expect(formatMoney({ amount: '5', currency: 'USD' }, 'en', { signed: true })).toBe('+$5.00')
    expect(formatMoney({ amount: '0', currency: 'USD' }, 'en', { signed: true })).toBe('$0.00')
  })
})

test('parseAmount reads what people type in both languages', () => {
  expect(parseAmount('1 234,5')).toBe('1234.5')
  expect(parseAmount('1,234.50')).toBe('1234.50')
  expect(parseAmount('1.234,50')).toBe('1234.50')
  expect(parseAmount('+7')).toBe('7')
  expect(parseAmount('12.3456789')).toBeUndefined()
  expect(parseAmount('ten')).toBeUndefined()
  expect(parseAmount('')).toBeUndefined()
})

test('micros are exact', () => {
  expect(micros('0.000001')).toBe(1n)
  expect(micros('-1.5')).toBe(-1_500_000n)
  expect(micros('1.0000001')).toBeUndefined()
  expect(isNegative('-0.01')).toBe(true)
  expect(isNegative('0')).toBe(false)
  expect(isZero('0.00')).toBe(true)
})

test('an amount to type is read again as it was', () => {
  expect(typedAmount('1234.50', 'ru-RU')).toBe('1234,50')
  expect(typedAmount('1234.50', 'en-GB')).toBe('1234.50')
  expect(parseAmount(typedAmount('1234.50', 'ru-RU'))).toBe('1234.50')
})

test('short leaves out decimals of a round amount only', () => {
  const write = (amount: string) => formatMoney({ amount, currency: 'USD' }, 'en', { short: true })
  expect(write('1000')).toBe('$1,000')
  expect(write('1000.5')).toBe('$1,000.50')
})

test('currencySymbol', () => {
  expect(currencySymbol('RUB', 'ru')).toBe('₽')
  expect(currencySymbol('EUR', 'en')).toBe('€')
})
