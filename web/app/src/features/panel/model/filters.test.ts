import { expect, test } from 'vitest'
import { listFilter, narrowedBy, withoutFilters } from './filters'
import { parseSearch } from './search'

test('an address from anywhere keeps only what makes sense', () => {
  expect(
    parseSearch({
      view: 'nonsense',
      order: 'newest',
      q: '  invoice ',
      operator: '12',
      unanswered: 'true',
      from: 'yesterday',
      to: '2026-11-21T10:00',
      evil: '<script>',
      chat: '',
    }),
  ).toEqual({
    order: 'newest',
    q: 'invoice',
    operator: 12,
    unanswered: true,
    to: '2026-11-21T10:00',
  })
})

test('a search for digits arrives as a number and stays a text', () => {
  expect(parseSearch({ q: 1042 })).toEqual({ q: '1042' })
})

test('the own order fills in', () => {
  expect(listFilter({ card: true }, 'waiting_longest')).toEqual({
    view: 'mine',
    order: 'waiting_longest',
  })
  expect(listFilter({ from: '2026-11-21T10:00' }, 'newest', 'Europe/Moscow').from).toBe(
    '2026-11-21T07:00:00.000Z',
  )
  expect(listFilter({ order: 'newest', view: 'all' }, 'waiting_longest')).toEqual({
    view: 'all',
    order: 'newest',
  })
})

test('a period counts once, the search and the order not at all', () => {
  expect(narrowedBy({ from: 'a', to: 'b', tag: 'x', q: 'y', order: 'newest' })).toBe(2)
  expect(narrowedBy({ from: 'a' })).toBe(1)
  expect(narrowedBy({})).toBe(0)
})

test('Clear keeps the view', () => {
  expect(withoutFilters({ view: 'all', tag: 'x', q: 'y', card: true })).toEqual({
    view: 'all',
    card: true,
  })
})
