import { describe, expect, test } from 'vitest'
import { head } from '../testing/samples'
import type { ListFilter } from './filters'
import {
  belongs,
  type Counts,
  type HeadList,
  heldOrder,
  neighbour,
  withCounted,
  withHead,
  withoutHead,
  withPage,
} from './heads'

const me = 7
const mine: ListFilter = { view: 'mine', order: 'newest' }
const at = (minute: number, seq = minute) => ({
  last: {
    seq,
    at: `2026-11-21T10:${String(minute).padStart(2, '0')}:00Z`,
    author: 'contact' as const,
    preview: '',
  },
})
const ids = (list: { items: { dialog_id: string }[] }) => list.items.map((h) => h.dialog_id)
const loaded = (next: string | null = null): HeadList => ({
  items: [
    head({ dialog_id: 'c', ...at(30) }),
    head({ dialog_id: 'b', ...at(20) }),
    head({ dialog_id: 'a', ...at(10) }),
  ],
  next,
})

describe('withHead', () => {
  test('a newer message moves its dialog to the top', () => {
    expect(ids(withHead(loaded(), head({ dialog_id: 'a', ...at(40) }), mine, me))).toEqual([
      'a',
      'c',
      'b',
    ])
  })

  test('an event that was overtaken changes nothing', () => {
    const list = loaded()
    expect(withHead(list, head({ dialog_id: 'c', ...at(5) }), mine, me)).toBe(list)
  })

  test('a dialog handed to another operator leaves my list', () => {
    const gone = head({ dialog_id: 'b', ...at(21), assignee: { id: 8, name: 'Ivan' } })
    expect(ids(withHead(loaded(), gone, mine, me))).toEqual(['c', 'a'])
  })

  test('a new one comes in at its place', () => {
    expect(ids(withHead(loaded(), head({ dialog_id: 'x', ...at(25) }), mine, me))).toEqual([
      'c',
      'x',
      'b',
      'a',
    ])
  })

  test('one that lies beyond the loaded part waits for its page', () => {
    const list = loaded('cursor')
    expect(withHead(list, head({ dialog_id: 'x', ...at(1) }), mine, me)).toBe(list)
    expect(ids(withHead(loaded(null), head({ dialog_id: 'x', ...at(1) }), mine, me))).toContain('x')
  })

  test('a search takes no new rows from events but keeps its own fresh', () => {
    const searched = { ...mine, q: 'invoice' }
    const list = loaded()
    expect(withHead(list, head({ dialog_id: 'x', ...at(50) }), searched, me)).toBe(list)
    expect(ids(withHead(list, head({ dialog_id: 'a', ...at(50) }), searched, me))[0]).toBe('a')
  })

  test('a read dialog stays where it is', () => {
    const read = head({ dialog_id: 'b', ...at(20), unread: 0 })
    expect(ids(withHead(loaded(), read, mine, me))).toEqual(['c', 'b', 'a'])
  })
})

describe('order', () => {
  const waiting = (dialog_id: string, minute: number | null) =>
    head({
      dialog_id,
      ...at(50),
      unanswered: minute !== null,
      waiting_since: minute === null ? null : `2026-11-21T10:0${minute}:00Z`,
    })

  test.each(['waiting_longest', 'unanswered_oldest'] as const)('%s', (order) => {
    const filter: ListFilter = { view: 'mine', order }
    const heads = [waiting('a', null), waiting('b', 5), waiting('c', 2), waiting('d', 9)]
    const list = heads.reduce((l, h) => withHead(l, h, filter, me), {
      items: [],
      next: null,
    } as HeadList)
    expect(ids(list)).toEqual(['c', 'b', 'd', 'a'])
  })
})

test.each([
  [{ view: 'queue' }, { state: 'queued', assignee: null }, true],
  [{ view: 'queue' }, { state: 'open' }, false],
  [{ view: 'closed' }, { state: 'closed' }, true],
  [{ view: 'all', tag: 'vip' }, { tags: ['vip', 'x'] }, true],
  [{ view: 'all', tag: 'vip' }, { tags: [] }, false],
  [{ view: 'all', unanswered: true }, { unanswered: false }, false],
  [{ view: 'all', operator: 8 }, {}, false],
  [{ view: 'all', from: '2026-11-21T10:30:00Z' }, {}, false],
  [{ view: 'all', to: '2026-11-21T10:30:00Z' }, {}, true],
] as const)('%o takes %o: %s', (filter, own, want) => {
  const sample = head({
    dialog_id: 'a',
    ...at(10),
    ...own,
    tags: 'tags' in own ? [...own.tags] : [],
  })
  expect(belongs(sample, { order: 'newest', ...filter }, me)).toBe(want)
})

test('removed and next page', () => {
  expect(ids(withoutHead(loaded(), 'b'))).toEqual(['c', 'a'])
  const list = withPage(loaded('x'), [head({ dialog_id: 'a' }), head({ dialog_id: 'z' })], null)
  expect(ids(list)).toEqual(['c', 'b', 'a', 'z'])
  expect(list.next).toBeNull()
})

test('a held list does not move under the pointer', () => {
  const items = withHead(loaded(), head({ dialog_id: 'a', ...at(40) }), mine, me).items
  const held = heldOrder(['c', 'b', 'a'], [head({ dialog_id: 'new', ...at(45) }), ...items])
  expect(held.map((h) => h.dialog_id)).toEqual(['new', 'c', 'b', 'a'])
  const grown = heldOrder(['c', 'b'], [...loaded().items])
  expect(grown.map((h) => h.dialog_id)).toEqual(['c', 'b', 'a'])
})

describe('counts', () => {
  const counts: Counts = { mine: 2, queue: 1, unassigned: 1, all: 9, unread: 3 }
  const queued = head({ dialog_id: 'q', ...at(1), state: 'queued', assignee: null, unread: 2 })

  test('taking from the queue', () => {
    const taken = { ...queued, state: 'open' as const, assignee: { id: me, name: 'Olga' } }
    expect(withCounted(counts, queued, taken, me)).toMatchObject({ mine: 3, queue: 0, unread: 5 })
  })

  test('reading', () => {
    const before = head({ dialog_id: 'a', ...at(1), unread: 3 })
    expect(withCounted(counts, before, { ...before, unread: 0 }, me).unread).toBe(0)
  })

  test('a dialog never seen is left to the server', () => {
    expect(withCounted(counts, undefined, queued, me)).toBe(counts)
  })
})

test('J and K', () => {
  const { items } = loaded()
  expect(neighbour(items, 'b', 1)).toBe('a')
  expect(neighbour(items, 'b', -1)).toBe('c')
  expect(neighbour(items, 'a', 1)).toBeUndefined()
  expect(neighbour(items, undefined, 1)).toBe('c')
})
