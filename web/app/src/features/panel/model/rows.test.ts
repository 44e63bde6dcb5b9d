import { describe, expect, test } from 'vitest'
import { message } from '../testing/samples'
import type { Outgoing } from './outbox'
import { newsSince, type RowsInput, rowsOf, sideOf } from './rows'
import { emptyTimeline, merge, withArrived } from './timeline'

const me = 7
const input = (own: Partial<RowsInput>): RowsInput => ({
  timeline: emptyTimeline,
  outgoing: [],
  sessions: [],
  me,
  readAtOpen: null,
  dayOf: (at) => at.slice(0, 10),
  ...own,
})
const kinds = (own: Partial<RowsInput>) => rowsOf(input(own)).map((r) => r.row)
const mine = { author: 'operator', author_id: me, author_name: 'Olga' } as const

describe('rowsOf', () => {
  test('a day stands before its first message', () => {
    const timeline = merge(emptyTimeline, [
      message({ seq: 1, at: '2026-11-20T23:59:00Z' }),
      message({ seq: 2, at: '2026-11-21T00:01:00Z' }),
    ])
    expect(kinds({ timeline })).toEqual(['day', 'message', 'day', 'message'])
  })

  test('one author within five minutes is one run; a note, a pause or another breaks it', () => {
    const at = (m: number) => `2026-11-21T10:${String(m).padStart(2, '0')}:00Z`
    const timeline = merge(emptyTimeline, [
      message({ seq: 1, at: at(0) }),
      message({ seq: 2, at: at(1) }),
      message({ seq: 3, at: at(9) }),
      message({ seq: 4, at: at(10), ...mine }),
      message({ seq: 5, at: at(11), ...mine, kind: 'note' }),
    ])
    const runs = rowsOf(input({ timeline })).flatMap((r) =>
      r.row === 'message' ? [[r.first, r.last]] : [],
    )
    expect(runs).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
      [true, true],
    ])
  })

  test('the mark of what is new stands before the first of others', () => {
    const timeline = merge(emptyTimeline, [
      message({ seq: 1 }),
      message({ seq: 2, ...mine }),
      message({ seq: 3 }),
      message({ seq: 4 }),
    ])
    const rows = rowsOf(input({ timeline, readAtOpen: 2 }))
    expect(rows.map((r) => r.row)).toEqual([
      'day',
      'message',
      'message',
      'new',
      'message',
      'message',
    ])
    expect(rows.find((r) => r.row === 'new')).toMatchObject({ count: 2 })
    expect(kinds({ timeline, readAtOpen: 4 })).not.toContain('new')
    const answered = merge(timeline, [message({ seq: 5, ...mine })])
    expect(kinds({ timeline: answered, readAtOpen: 2 })).not.toContain('new')
  })

  test('a gap is shown where it is', () => {
    const known = merge(emptyTimeline, [message({ seq: 1 })])
    const timeline = withArrived(known, message({ seq: 5 }), 4)
    expect(kinds({ timeline })).toEqual(['day', 'message', 'gap', 'message'])
  })

  test('a session is announced with its number', () => {
    const session = (id: string, number: number) => ({
      id,
      number,
      started_at: '2026-11-21T10:00:00Z',
      closed_at: null,
      operator: null,
      result: null,
    })
    const timeline = merge(emptyTimeline, [
      message({ seq: 8, session_id: 's-1' }),
      message({ seq: 9, session_id: 's-2' }),
    ])
    const rows = rowsOf(input({ timeline, sessions: [session('s-1', 1), session('s-2', 2)] }))
    expect(rows.filter((r) => r.row === 'session')).toMatchObject([{ number: 2 }])
  })

  test('what is on its way stands below and gives way to the stored message in place', () => {
    const entry: Outgoing = {
      key: 'k-1',
      dialog: 'd-1',
      kind: 'reply',
      text: 'x',
      attachments: [],
      replyTo: null,
      at: 0,
      state: 'sending',
      code: null,
      requestId: '',
    }
    const before = merge(emptyTimeline, [message({ seq: 1 })])
    expect(rowsOf(input({ timeline: before, outgoing: [entry] })).at(-1)).toMatchObject({
      row: 'outgoing',
      key: 'k-1',
    })
    const after = merge(before, [message({ seq: 2, ...mine, key: 'k-1' })])
    const rows = rowsOf(input({ timeline: after, outgoing: [entry] }))
    expect(rows.at(-1)).toMatchObject({ row: 'message', key: 'k-1', side: 'own' })
    expect(rows.filter((r) => r.key === 'k-1')).toHaveLength(1)
  })
})

test('sides', () => {
  expect(sideOf(message({ seq: 1 }), me)).toBe('contact')
  expect(sideOf(message({ seq: 1, ...mine }), me)).toBe('own')
  expect(sideOf(message({ seq: 1, author: 'operator', author_id: 8 }), me)).toBe('team')
  expect(sideOf(message({ seq: 1, author: 'bot' }), me)).toBe('team')
})

test('newsSince counts what others wrote', () => {
  const timeline = merge(emptyTimeline, [
    message({ seq: 1 }),
    message({ seq: 2 }),
    message({ seq: 3, ...mine }),
    message({ seq: 4, kind: 'system', author: 'system' }),
  ])
  expect(newsSince(timeline, 1, me)).toBe(1)
  expect(newsSince(timeline, 4, me)).toBe(0)
})
