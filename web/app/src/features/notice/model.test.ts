import { expect, test } from 'vitest'
import type { Notice } from '@/lib/api/types'
import { setLanguage } from '@/lib/i18n/i18n'
import { currentTexts, loadTexts } from '@/lib/i18n/texts'
import { badgeOf, isSpent, targetOf, withRead, wordsOf } from './model'

const pinned = {
  kind: 'balance_spent',
  balance: '-1.00',
  currency: 'RUB',
  on_credit: false,
  seller: '',
  support: '',
} as const

function notice(id: string, kind: Notice['kind'], args: Notice['args'] = {}, read = false): Notice {
  return { id, kind, args, read, at: '2026-11-21T10:00:00Z' }
}

test.each([
  [0, null, ''],
  [3, null, '3'],
  [99, null, '99'],
  [100, null, '99+'],
  [0, pinned, '!'],
  [2, pinned, '2'],
])('%i unread and pinned %j is "%s" on the bell', (unread, pin, badge) => {
  expect(badgeOf({ unread, pinned: pin })).toBe(badge)
})

test.each([
  ['0.01', false, false],
  ['0', false, true],
  ['-3.50', false, true],
  ['500', true, true],
])('available %s, suspended %s: spent %s', (available, suspended, spent) => {
  expect(isSpent({ available, suspended })).toBe(spent)
})

test('reading counts only what was unread, and all is all', () => {
  const page = {
    unread: 5,
    items: [notice('a', 'invoice'), notice('b', 'invoice', {}, true), notice('c', 'invoice')],
  }
  const some = withRead(page, ['a', 'b', 'elsewhere'])
  expect(some.unread).toBe(4)
  expect(some.items.map((one) => one.read)).toEqual([true, true, false])
  expect(page.items[0]?.read).toBe(false)
  const all = withRead(page, 'all')
  expect(all.unread).toBe(0)
  expect(all.items.every((one) => one.read)).toBe(true)
  expect(withRead({ ...page, unread: 100 }, ['a']).unread).toBe(100)
})

test('a notice leads where its reader may go', () => {
  const owner = () => true
  expect(targetOf(notice('a', 'invoice', { invoice: 'i' }), 7, owner)?.params).toEqual({
    company: 7,
    invoice: 'i',
  })
  expect(targetOf(notice('a', 'low_balance'), 7, owner)?.to).toBe('/c/$company/account')
  expect(targetOf(notice('a', 'service_restored'), 7, owner)?.to).toBe('/c/$company/panel')
  expect(targetOf(notice('a', 'low_balance'), 7, () => false)).toBeUndefined()
})

test('every kind has its words in both languages, with nothing left out', async () => {
  const args = { currency: 'RUB', number: 'A-17', percent: '10', month: '2026-10' }
  const all: [Notice['kind'], Notice['args']][] = [
    ['low_balance', { ...args, balance: '12.00' }],
    ['credit_ending', { ...args, left: '12.00' }],
    ['service_suspended', { ...args, balance: '-0.40' }],
    ['service_restored', { ...args, balance: '500.00' }],
    ['invoice', { ...args, total: '5000.00', due_on: '2026-11-30' }],
    ['documents_of_month', { ...args, to_pay: '300.00' }],
    ['documents_of_month', { ...args, to_pay: '0.00' }],
    ['payment_received', { ...args, amount: '5000.00' }],
    ['payment_received', { ...args, amount: '5000.00', number: '' }],
  ]
  for (const language of ['ru', 'en'] as const) {
    await setLanguage(language)
    await loadTexts('notice')
    const locale = language === 'ru' ? 'ru-RU' : 'en-GB'
    const said = all.map(([kind, values]) =>
      wordsOf(notice('a', kind, values), locale, currentTexts()),
    )
    for (const { title, text } of said) {
      expect(`${title} ${text}`).not.toMatch(/notice:|{{| {2}| [.,:]/)
    }
    expect(new Set(said.map(({ title, text }) => `${title} ${text}`)).size).toBe(all.length)
  }
  expect(wordsOf(notice('a', 'invoice', all[4]?.[1]), 'en-GB', currentTexts())).toEqual({
    title: 'Invoice A-17 for ₽5,000.00',
    text: 'Due on 30 Nov 2026.',
  })
})
