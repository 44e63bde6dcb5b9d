import type { Message } from '../protocol/wire'

/**
 * The stored messages of the dialog, oldest first, without doubles.
 *
 * The server numbers everything in a dialog, also what a visitor may not see, so numbers alone
 * don't tell whether something is missing. `seen` is the number up to which nothing is missing;
 * messages above it are shown but wait for their forerunner, and `hasGap` says so.
 */
export interface Timeline {
  readonly messages: readonly Message[]
  readonly seen: number
  /** For messages above `seen`: the number of the one before, where the server told it. */
  readonly before: Readonly<Record<number, number>>
  /** Nothing older is left on the server. */
  readonly complete: boolean
}

export const emptyTimeline: Timeline = { messages: [], seen: 0, before: {}, complete: true }

/** A message as published, or as answered to a send (then without its forerunner's number). */
export function arrive(timeline: Timeline, message: Message, before?: number): Timeline {
  const next = insert(timeline, [message])
  const known = before === undefined ? next.before : { ...next.before, [message.seq]: before }
  return advance({ ...next, before: known })
}

/** Everything the server holds after `after`, without holes. */
export function fill(timeline: Timeline, items: readonly Message[], after: number): Timeline {
  const next = insert(timeline, items)
  const last = items.at(-1)?.seq ?? after
  return advance(after <= timeline.seen ? { ...next, seen: Math.max(next.seen, last) } : next)
}

/** A page of older messages asked for with a limit. */
export function prepend(timeline: Timeline, items: readonly Message[], limit: number): Timeline {
  return { ...insert(timeline, items), complete: items.length < limit }
}

/**
 * The newest page as a visit answers it. What is held stays only if it joins on to the page:
 * otherwise a hole would lie between the two that nobody would notice.
 */
export function renew(timeline: Timeline, page: readonly Message[], limit: number): Timeline {
  const first = page[0]
  const last = page.at(-1)
  if (!first || !last) {
    return emptyTimeline
  }
  const newest = timeline.messages.filter((held) => held.seq > last.seq)
  const sameDialog = timeline.messages[0]?.dialog_id === first.dialog_id
  const joins = sameDialog && first.seq <= timeline.seen + 1
  const complete = page.length < limit
  if (!joins) {
    const fresh = { ...emptyTimeline, complete, seen: last.seq, before: timeline.before }
    return advance(insert(fresh, sameDialog ? [...page, ...newest] : page))
  }
  const reachesFurther = (timeline.messages[0]?.seq ?? first.seq) < first.seq
  return advance({
    ...insert(timeline, page),
    seen: Math.max(timeline.seen, last.seq),
    complete: reachesFurther ? timeline.complete : complete,
  })
}

export function hasGap(timeline: Timeline): boolean {
  return (timeline.messages.at(-1)?.seq ?? 0) > timeline.seen
}

function insert(timeline: Timeline, items: readonly Message[]): Timeline {
  if (items.length === 0) {
    return timeline
  }
  const last = timeline.messages.at(-1)
  const only = items[0]
  if (items.length === 1 && only && (!last || only.seq > last.seq)) {
    return { ...timeline, messages: [...timeline.messages, only] }
  }
  const bySeq = new Map(timeline.messages.map((held) => [held.seq, held]))
  for (const item of items) {
    bySeq.set(item.seq, item)
  }
  const messages = [...bySeq.values()].sort((a, b) => a.seq - b.seq)
  return { ...timeline, messages }
}

function advance(timeline: Timeline): Timeline {
  let { seen } = timeline
  const before: Record<number, number> = {}
  let open = false
  for (const { seq } of timeline.messages) {
    if (seq <= seen) {
      continue
    }
    const forerunner = timeline.before[seq] ?? seq - 1
    if (!open && forerunner <= seen) {
      seen = seq
      continue
    }
    open = true
    const told = timeline.before[seq]
    if (told !== undefined) {
      before[seq] = told
    }
  }
  return { ...timeline, seen, before }
}
