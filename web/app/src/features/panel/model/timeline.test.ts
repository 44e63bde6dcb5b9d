import { describe, expect, test } from 'vitest'
import { message } from '../testing/samples'
import {
  emptyTimeline,
  knownUpTo,
  lastSeq,
  merge,
  withArrived,
  withCaughtUp,
  withLatest,
  withOlder,
  withRead,
} from './timeline'

const seqs = (t: { messages: { seq: number }[] }) => t.messages.map((m) => m.seq)
const page = (...numbers: number[]) => numbers.map((seq) => message({ seq }))

describe('merge', () => {
  test('orders by sequence and keeps each message once', () => {
    const timeline = merge(merge(emptyTimeline, page(4, 2)), page(3, 4, 2))
    expect(seqs(timeline)).toEqual([2, 3, 4])
  })

  test('nothing new is the same object, so that nothing is drawn again', () => {
    const timeline = merge(emptyTimeline, page(1))
    expect(merge(timeline, [])).toBe(timeline)
  })

  test('a publication without price and key keeps those already known', () => {
    const price = { amount: '2.00', currency: 'RUB' }
    const known = merge(emptyTimeline, [message({ seq: 1, price, key: 'k' })])
    const { price: _, ...bare } = message({ seq: 1, key: null, text: 'newer' })
    expect(merge(known, [bare]).messages[0]).toMatchObject({ price, key: 'k', text: 'newer' })
  })

  test('a read message never becomes unread by an older answer', () => {
    const known = merge(emptyTimeline, [message({ seq: 1, state: 'read' })])
    expect(merge(known, [message({ seq: 1, state: 'sent' })]).messages[0]?.state).toBe('read')
  })

  test('the first message makes it complete', () => {
    expect(merge(emptyTimeline, page(2, 3)).complete).toBe(false)
    expect(merge(emptyTimeline, page(1, 2)).complete).toBe(true)
  })
})

describe('gaps', () => {
  const known = merge(emptyTimeline, page(5, 6, 7))

  test('the next message leaves none', () => {
    expect(withArrived(known, message({ seq: 8 }), 7).gapAfter).toBeNull()
  })

  test('a hole in the numbers that the server explains is none', () => {
    expect(withArrived(known, message({ seq: 10 }), 7).gapAfter).toBeNull()
  })

  test('a missing message is noticed and the newer one is shown at once', () => {
    const timeline = withArrived(known, message({ seq: 10 }), 9)
    expect(timeline.gapAfter).toBe(7)
    expect(seqs(timeline)).toEqual([5, 6, 7, 10])
    expect(knownUpTo(timeline)).toBe(7)
  })

  test('while one gap is open a second one does not hide it', () => {
    const once = withArrived(known, message({ seq: 10 }), 9)
    const twice = withArrived(once, message({ seq: 14 }), 13)
    expect(twice.gapAfter).toBe(7)
  })

  test('a late duplicate changes nothing', () => {
    expect(withArrived(known, message({ seq: 6 }), 5).gapAfter).toBeNull()
  })

  test('a short page closes the gap, a full one moves it on', () => {
    const open = withArrived(known, message({ seq: 12 }), 11)
    const half = withCaughtUp(open, page(8, 9), 2)
    expect(half.gapAfter).toBe(9)
    const closed = withCaughtUp(half, page(10, 11, 12), 5)
    expect(closed.gapAfter).toBeNull()
    expect(seqs(closed)).toEqual([5, 6, 7, 8, 9, 10, 11, 12])
  })

  test('an empty timeline has no gap: its first page is still to come', () => {
    expect(withArrived(emptyTimeline, message({ seq: 9 }), 8).gapAfter).toBeNull()
  })
})

test('a short older page was the last one', () => {
  const known = merge(emptyTimeline, page(8, 9))
  expect(withOlder(known, page(6, 7), 2).complete).toBe(false)
  expect(withOlder(known, page(7), 2).complete).toBe(true)
  expect(lastSeq(withOlder(known, page(7), 2))).toBe(9)
})

test('reading marks everything up to the sequence, and only then draws again', () => {
  const known = merge(emptyTimeline, page(1, 2, 3))
  const read = withRead(known, 2)
  expect(read.messages.map((m) => m.state)).toEqual(['read', 'read', 'sent'])
  expect(withRead(read, 2)).toBe(read)
})

describe('the newest page', () => {
  const known = merge(emptyTimeline, page(3, 4, 5))

  test('joins what is known and closes a gap', () => {
    const open = withArrived(known, message({ seq: 9 }), 8)
    const joined = withLatest(open, page(6, 7, 8, 9), 4)
    expect(seqs(joined)).toEqual([3, 4, 5, 6, 7, 8, 9])
    expect(joined.gapAfter).toBeNull()
  })

  test('replaces it when messages between would be missing', () => {
    expect(seqs(withLatest(known, page(20, 21), 2))).toEqual([20, 21])
  })

  test('a short one is the whole dialog', () => {
    expect(withLatest(emptyTimeline, page(2, 3), 50).complete).toBe(true)
    expect(withLatest(emptyTimeline, [], 50).complete).toBe(true)
  })
})
