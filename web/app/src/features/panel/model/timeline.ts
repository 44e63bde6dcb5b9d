import type { Message } from '@/lib/api/types'

/** Timeline is the part of a dialog's correspondence this page knows, ordered by the server's sequence. */
export interface Timeline {
  messages: Message[]
  /** The dialog's first message is among them. */
  complete: boolean
  /** Something after this sequence is missing, because an event arrived that does not follow on. */
  gapAfter: number | null
}

export const emptyTimeline: Timeline = { messages: [], complete: false, gapAfter: null }

export function lastSeq(timeline: Timeline): number {
  return timeline.messages.at(-1)?.seq ?? 0
}

export function firstSeq(timeline: Timeline): number {
  return timeline.messages[0]?.seq ?? 0
}

/** knownUpTo is the last sequence with nothing missing before it: where a catch-up begins. */
export function knownUpTo(timeline: Timeline): number {
  return timeline.gapAfter ?? lastSeq(timeline)
}

/** A publication to many carries no price; what an earlier answer told about it stays. */
function renewed(known: Message | undefined, incoming: Message): Message {
  if (!known) return incoming
  const state = known.state === 'read' ? 'read' : incoming.state
  return { ...known, ...incoming, key: incoming.key ?? known.key, state }
}

/** merge joins messages in whatever order and number they come; the same one twice stays one. */
export function merge(timeline: Timeline, incoming: readonly Message[]): Timeline {
  if (incoming.length === 0) return timeline
  const bySeq = new Map(timeline.messages.map((m) => [m.seq, m]))
  for (const message of incoming) {
    bySeq.set(message.seq, renewed(bySeq.get(message.seq), message))
  }
  const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  return { ...timeline, messages, complete: timeline.complete || messages[0]?.seq === 1 }
}

/** withOlder puts a page from further up in front; a short page was the last one. */
export function withOlder(timeline: Timeline, page: readonly Message[], asked: number): Timeline {
  const merged = merge(timeline, page)
  return page.length < asked ? { ...merged, complete: true } : merged
}

/** withArrived takes one live message and notices when something before it never arrived. */
export function withArrived(timeline: Timeline, message: Message, prevSeq?: number): Timeline {
  const before = prevSeq ?? message.seq - 1
  const known = knownUpTo(timeline)
  const gap = timeline.messages.length > 0 && before > known
  const merged = merge(timeline, [message])
  return gap ? { ...merged, gapAfter: known } : merged
}

/** withCaughtUp takes a page asked for after a known sequence; a short page says that nothing is missing any more. */
export function withCaughtUp(
  timeline: Timeline,
  page: readonly Message[],
  asked: number,
): Timeline {
  const merged = merge(timeline, page)
  if (page.length >= asked) return { ...merged, gapAfter: page.at(-1)?.seq ?? merged.gapAfter }
  return { ...merged, gapAfter: null }
}

/** withRead marks what the contact has seen. */
export function withRead(timeline: Timeline, seq: number): Timeline {
  if (!timeline.messages.some((m) => m.seq <= seq && m.state !== 'read')) return timeline
  const messages = timeline.messages.map(
    (m): Message => (m.seq <= seq && m.state !== 'read' ? { ...m, state: 'read' } : m),
  )
  return { ...timeline, messages }
}

/** withLatest takes the newest page: it joins what is known, or replaces it when the distance is too great. */
export function withLatest(timeline: Timeline, page: readonly Message[], asked: number): Timeline {
  const first = page[0]
  const joins = first !== undefined && first.seq <= knownUpTo(timeline) + 1
  const base = joins ? timeline : emptyTimeline
  const merged = { ...merge(base, page), gapAfter: null }
  return page.length < asked ? { ...merged, complete: true } : merged
}
