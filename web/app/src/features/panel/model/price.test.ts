import { expect, test } from 'vitest'
import { isPriced, itemKey, welcomeOf } from './price'

test('notes and system lines are free', () => {
  expect(
    ['text', 'file', 'note', 'system'].map((kind) => isPriced({ kind: kind as 'text' })),
  ).toEqual([true, true, false, false])
})

test('items', () => {
  expect(itemKey('chat.bot_message')).toBe('bot_message')
  expect(itemKey('sms.sent')).toBeUndefined()
})

test.each([
  [true, true],
  [false, false],
  ['0.00', false],
  ['1.50', { amount: '1.50', currency: 'RUB' }],
  [
    { amount: '1.50', currency: 'RUB' },
    { amount: '1.50', currency: 'RUB' },
  ],
  [null, false],
])('welcomeOf %j', (value, want) => {
  expect(welcomeOf(value, 'RUB')).toEqual(want)
})
