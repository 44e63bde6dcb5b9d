import { expect, test } from 'vitest'
import type { MessageMoney } from '@/lib/api/types'
import { isPriced, levelsOf } from './price'

test('notes and system lines are free', () => {
  const kinds = ['text', 'file', 'note', 'system'] as const
  expect(kinds.map((kind) => isPriced({ kind }))).toEqual([true, true, false, false])
})

test('what the company pays stands first', () => {
  const level = (name: 'retail' | 'wholesale'): MessageMoney['levels'][number] => ({
    level: name,
    amount: '1.00',
    currency: 'RUB',
    price_list: 'List',
    price_version: 1,
    seller: 'Seller',
    unit_price: '1.00',
    valid_from: '2026-11-01T00:00:00Z',
    position: null,
    free: false,
    own: false,
    row: {
      country: '',
      network: '',
      category: '',
      from_quantity: 0,
      free_quantity: 0,
      unit_price: '1.00',
    },
  })
  const levels = levelsOf({ levels: [level('wholesale'), level('retail')] })
  expect(levels.map((l) => l.level)).toEqual(['retail', 'wholesale'])
})
