import { expect, test } from 'vitest'
import { countSMS } from './sms'

// The cases of internal/channel/sms: both sides must cut alike, for the server's count is what is charged.
test.each([
  ['one letter', 'a', 'gsm', [1]],
  ['160 of GSM are one part', 'a'.repeat(160), 'gsm', [160]],
  ['161 are two', 'a'.repeat(161), 'gsm', [153, 8]],
  ['306 are two', 'a'.repeat(306), 'gsm', [153, 153]],
  ['307 are three', 'a'.repeat(307), 'gsm', [153, 153, 1]],
  ['the extension table is double', '€'.repeat(80), 'gsm', [160]],
  ['81 of it are two parts', '€'.repeat(81), 'gsm', [152, 10]],
  ['an escape is not cut', 'a'.repeat(152) + '€'.repeat(10), 'gsm', [152, 20]],
  ['all of the extension table', '^{}\\[~]|€\f', 'gsm', [20]],
  ['marks of GSM', '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./', 'gsm', [47]],
  ['70 of UCS-2 are one part', 'ж'.repeat(70), 'ucs2', [70]],
  ['71 are two', 'ж'.repeat(71), 'ucs2', [67, 4]],
  ['one letter makes all UCS-2', `${'a'.repeat(70)}ж`, 'ucs2', [67, 4]],
  ['a small c with cedilla too', 'ç', 'ucs2', [1]],
  ['a grave accent alone too', '`', 'ucs2', [1]],
  ['35 pairs are one part', '😀'.repeat(35), 'ucs2', [70]],
  ['36 are two, and no pair is cut', '😀'.repeat(36), 'ucs2', [66, 6]],
  ['a pair is not cut', 'ж'.repeat(66) + '😀'.repeat(4), 'ucs2', [66, 8]],
  ['an escape is a space', 'a\u001bb', 'gsm', [3]],
  ['nothing', '', 'gsm', []],
] as const)('%s', (_, text, encoding, parts) => {
  const count = countSMS(text)
  expect(count.encoding).toBe(encoding)
  expect(count.parts).toEqual(parts)
  expect(count.units).toBe(parts.reduce((sum: number, size) => sum + size, 0))
})

test('what is left is what fits into the last part', () => {
  expect(countSMS('').left).toBe(160)
  expect(countSMS('a'.repeat(160)).left).toBe(0)
  expect(countSMS('a'.repeat(161)).left).toBe(145)
  expect(countSMS('ж').left).toBe(69)
  expect(countSMS('ж'.repeat(71)).left).toBe(63)
})

test('the character that costs the room is named', () => {
  expect(countSMS('Your code: 123456 {€}').forcing).toBeUndefined()
  expect(countSMS('naïve').forcing).toEqual({ character: 'ï', at: 2 })
  expect(countSMS('😀 and ж').forcing).toEqual({ character: '😀', at: 0 })
})
