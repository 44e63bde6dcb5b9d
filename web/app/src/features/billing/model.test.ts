import { expect, test } from 'vitest'
import { isFiltered, isLate, openAmount, periodOf } from './model'
import { readSearch } from './search'

test('a list shows the month that runs until another period is chosen, or none', () => {
  expect(periodOf({}, '2026-02-28')).toEqual({ from: '2026-02-01T00:00', to: '2026-03-01T00:00' })
  expect(periodOf({ period: 'all' }, '2026-02-28')).toEqual({})
  const chosen = { from: '2026-01-05T00:00', to: '2026-01-06T09:30' }
  expect(periodOf({ ...chosen, period: 'all' }, '2026-02-28')).toEqual(chosen)
})

test('what the URL says wrong is left out', () => {
  const read = readSearch({ q: 'T2026', kind: 'weekly', state: 'unpaid', from: 'May', sort: 'id' })
  expect(read).toEqual({ q: 'T2026', state: 'unpaid' })
  expect(isFiltered(read)).toBe(true)
  expect(isFiltered(readSearch({ sort: '-total' }))).toBe(false)
})

test('only what waits for money can be late', () => {
  const due_at = '2026-11-27T21:00:00Z'
  const before = Date.parse(due_at) - 1
  const after = Date.parse(due_at)
  expect(isLate({ state: 'issued', due_at }, before)).toBe(false)
  expect(isLate({ state: 'issued', due_at }, after)).toBe(true)
  expect(isLate({ state: 'partly_paid', due_at }, after)).toBe(true)
  expect(isLate({ state: 'paid', due_at }, after)).toBe(false)
  expect(isLate({ state: 'cancelled', due_at }, after)).toBe(false)
})

test('what is still to be paid is exact', () => {
  expect(openAmount({ to_pay: '1000.00', paid: '0.00' })).toBe('1000.00')
  expect(openAmount({ to_pay: '1000.00', paid: '999.99' })).toBe('0.01')
  expect(openAmount({ to_pay: '9007199254740993.10', paid: '1.00' })).toBe('9007199254740992.10')
})
