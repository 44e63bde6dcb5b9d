import { describe, expect, it } from 'vitest'
import type { Message } from '../protocol/wire'
import { arrive, emptyTimeline, fill, hasGap, prepend, renew, type Timeline } from './timeline'

function message(seq: number, over: Partial<Message> = {}): Message {
  return {
    id: `m${seq}`,
    dialog_id: 'd1',
    seq,
    author: 'operator',
    kind: 'text',
    text: `text ${seq}`,
    at: '2026-11-21T10:00:00Z',
    state: 'sent',
    ...over,
  }
}

function messages(from: number, to: number): Message[] {
  return Array.from({ length: to - from + 1 }, (_, index) => message(from + index))
}

const seqs = (timeline: Timeline) => timeline.messages.map((held) => held.seq)

describe('arrive', () => {
  it('appends in order without a gap', () => {
    let timeline = arrive(emptyTimeline, message(1), 0)
    timeline = arrive(timeline, message(2), 1)
    expect(seqs(timeline)).toEqual([1, 2])
    expect(timeline.seen).toBe(2)
    expect(hasGap(timeline)).toBe(false)
  })

  it('takes the next number as gapless even when nothing tells the forerunner', () => {
    const timeline = arrive(arrive(emptyTimeline, message(1)), message(2))
    expect(timeline.seen).toBe(2)
  })

  it('knows that numbers the visitor may not see are no gap', () => {
    const timeline = arrive(arrive(emptyTimeline, message(1), 0), message(5), 1)
    expect(timeline.seen).toBe(5)
    expect(hasGap(timeline)).toBe(false)
  })

  it('shows a message after a gap at once, and says that something is missing', () => {
    const timeline = arrive(arrive(emptyTimeline, message(1), 0), message(4), 3)
    expect(seqs(timeline)).toEqual([1, 4])
    expect(timeline.seen).toBe(1)
    expect(hasGap(timeline)).toBe(true)
  })

  it('closes a gap when the late one comes, in any order', () => {
    const late = [message(2), message(4), message(3)]
    const forerunner: Record<number, number> = { 2: 1, 3: 2, 4: 3 }
    let timeline = arrive(emptyTimeline, message(1), 0)
    for (const item of late) {
      timeline = arrive(timeline, item, forerunner[item.seq])
    }
    expect(seqs(timeline)).toEqual([1, 2, 3, 4])
    expect(timeline.seen).toBe(4)
    expect(timeline.before).toEqual({})
  })

  it('ignores doubles', () => {
    let timeline = arrive(emptyTimeline, message(1), 0)
    timeline = arrive(timeline, message(2), 1)
    timeline = arrive(timeline, message(1), 0)
    timeline = arrive(timeline, message(2), 1)
    expect(seqs(timeline)).toEqual([1, 2])
    expect(timeline.seen).toBe(2)
  })

  it('waits with an answered message whose number jumps until its event tells why', () => {
    let timeline = arrive(arrive(emptyTimeline, message(1), 0), message(3))
    expect(hasGap(timeline)).toBe(true)
    timeline = arrive(timeline, message(3), 1)
    expect(hasGap(timeline)).toBe(false)
  })
})

describe('fill', () => {
  it('closes the gap with what the server holds after the last seen', () => {
    const gapped = arrive(arrive(emptyTimeline, message(1), 0), message(6), 5)
    const timeline = fill(gapped, [message(3), message(5), message(6)], 1)
    expect(seqs(timeline)).toEqual([1, 3, 5, 6])
    expect(timeline.seen).toBe(6)
  })

  it('leaves the gap open after a page that does not reach it', () => {
    const gapped = arrive(arrive(emptyTimeline, message(1), 0), message(9), 8)
    const timeline = fill(gapped, [message(2), message(3)], 1)
    expect(timeline.seen).toBe(3)
    expect(hasGap(timeline)).toBe(true)
  })

  it('keeps what came in while it was asked for', () => {
    const timeline = fill(arrive(emptyTimeline, message(4), 3), messages(1, 3), 0)
    expect(seqs(timeline)).toEqual([1, 2, 3, 4])
    expect(timeline.seen).toBe(4)
  })
})

describe('renew', () => {
  it('takes the first page of a short dialog as all there is', () => {
    const timeline = renew(emptyTimeline, messages(1, 3), 50)
    expect(timeline.complete).toBe(true)
    expect(timeline.seen).toBe(3)
  })

  it('drops what a hole would separate from the page', () => {
    const remembered = renew(emptyTimeline, messages(1, 10), 50)
    const timeline = renew(remembered, messages(100, 149), 50)
    expect(seqs(timeline)[0]).toBe(100)
    expect(timeline.messages).toHaveLength(50)
    expect(timeline.complete).toBe(false)
    expect(timeline.seen).toBe(149)
  })

  it('keeps older pages that join on', () => {
    let timeline = renew(emptyTimeline, messages(51, 100), 50)
    timeline = prepend(timeline, messages(1, 50), 50)
    timeline = renew(timeline, messages(61, 110), 50)
    expect(seqs(timeline)).toEqual(messages(1, 110).map((item) => item.seq))
    expect(timeline.seen).toBe(110)
  })

  it('keeps an event that overtook the answer', () => {
    const early = arrive(emptyTimeline, message(4), 3)
    const timeline = renew(early, messages(1, 3), 50)
    expect(seqs(timeline)).toEqual([1, 2, 3, 4])
    expect(timeline.seen).toBe(4)
  })

  it('starts afresh with another dialog', () => {
    const old = renew(emptyTimeline, messages(1, 3), 50)
    const timeline = renew(old, [message(1, { id: 'x', dialog_id: 'd2', text: 'other' })], 50)
    expect(timeline.messages.map((held) => held.text)).toEqual(['other'])
  })
})

describe('prepend', () => {
  it('puts older ones in front and notices the beginning', () => {
    let timeline = renew(emptyTimeline, messages(60, 109), 50)
    timeline = prepend(timeline, messages(10, 59), 50)
    expect(timeline.complete).toBe(false)
    timeline = prepend(timeline, messages(1, 9), 50)
    expect(timeline.complete).toBe(true)
    expect(timeline.messages).toHaveLength(109)
    expect(timeline.seen).toBe(109)
  })
})
