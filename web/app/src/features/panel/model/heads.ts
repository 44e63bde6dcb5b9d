import type { DialogHead } from '@/lib/api/types'
import type { ListFilter } from './filters'
import type { Order } from './search'

/** HeadList is what the left column has loaded of one view. */
export interface HeadList {
  items: DialogHead[]
  next: string | null
}

const byText = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

/** Times come with and without fractions, so they are compared as moments, not as texts. */
const byTime = (a: string, b: string) => Date.parse(a) - Date.parse(b)

function newestFirst(a: DialogHead, b: DialogHead): number {
  return byTime(b.last.at, a.last.at) || byText(b.dialog_id, a.dialog_id)
}

function longestWaitFirst(a: DialogHead, b: DialogHead): number {
  if (a.waiting_since === null || b.waiting_since === null) {
    if (a.waiting_since !== b.waiting_since) return a.waiting_since === null ? 1 : -1
    return newestFirst(a, b)
  }
  return byTime(a.waiting_since, b.waiting_since) || byText(a.dialog_id, b.dialog_id)
}

function unansweredFirst(a: DialogHead, b: DialogHead): number {
  if (a.unanswered !== b.unanswered) return a.unanswered ? -1 : 1
  return a.unanswered ? longestWaitFirst(a, b) : newestFirst(a, b)
}

export const comparers: Record<Order, (a: DialogHead, b: DialogHead) => number> = {
  newest: newestFirst,
  waiting_longest: longestWaitFirst,
  unanswered_oldest: unansweredFirst,
}

function inView(head: DialogHead, view: ListFilter['view'], me: number): boolean {
  switch (view) {
    case 'mine':
      return head.state === 'open' && head.assignee?.id === me
    case 'queue':
      return head.state === 'queued'
    case 'closed':
      return head.state === 'closed'
    case 'all':
      return true
  }
}

/** belongs tells whether a dialog is part of what the filter shows; the text search is the server's business. */
export function belongs(head: DialogHead, filter: ListFilter, me: number): boolean {
  return (
    inView(head, filter.view, me) &&
    (filter.chat === undefined || head.chat_id === filter.chat) &&
    (filter.channel === undefined || head.channel === filter.channel) &&
    (filter.operator === undefined || head.assignee?.id === filter.operator) &&
    (filter.group === undefined || head.group_id === filter.group) &&
    (filter.tag === undefined || head.tags.includes(filter.tag)) &&
    (!filter.unanswered || head.unanswered) &&
    (filter.from === undefined || byTime(head.last.at, filter.from) >= 0) &&
    (filter.to === undefined || byTime(head.last.at, filter.to) < 0)
  )
}

/** Events of two channels may overtake each other: only a head at least as new as the known one counts. */
function isOutdated(known: DialogHead | undefined, incoming: DialogHead): boolean {
  return known !== undefined && incoming.last.seq < known.last.seq
}

/** withHead puts a dialog where it now belongs: updated, moved, added, or gone from the view. */
export function withHead(
  list: HeadList,
  head: DialogHead,
  filter: ListFilter,
  me: number,
): HeadList {
  const at = list.items.findIndex((h) => h.dialog_id === head.dialog_id)
  const known = list.items[at]
  if (isOutdated(known, head)) return list
  const rest = at < 0 ? list.items : list.items.toSpliced(at, 1)
  if (!belongs(head, filter, me)) return at < 0 ? list : { ...list, items: rest }
  if (filter.q && at < 0) return list

  const compare = comparers[filter.order]
  const found = rest.findIndex((h) => compare(head, h) < 0)
  const place = found < 0 ? rest.length : found
  const beyondLoaded = place === rest.length && list.next !== null && at < 0
  return beyondLoaded ? list : { ...list, items: rest.toSpliced(place, 0, head) }
}

export function withoutHead(list: HeadList, dialog: string): HeadList {
  const at = list.items.findIndex((h) => h.dialog_id === dialog)
  return at < 0 ? list : { ...list, items: list.items.toSpliced(at, 1) }
}

/** withPage appends what the server sent next; a dialog that moved up meanwhile keeps its newer state. */
export function withPage(
  list: HeadList,
  page: readonly DialogHead[],
  next: string | null,
): HeadList {
  const known = new Set(list.items.map((h) => h.dialog_id))
  return { items: [...list.items, ...page.filter((h) => !known.has(h.dialog_id))], next }
}

/**
 * heldOrder keeps rows where the eye and the pointer have them: dialogs seen before stay in their order, new
 * ones come on top. The true order returns as soon as the list is let go.
 */
export function heldOrder(seen: readonly string[], items: readonly DialogHead[]): DialogHead[] {
  const byId = new Map(items.map((h) => [h.dialog_id, h]))
  const known = new Set(seen)
  const kept = seen.flatMap((id) => byId.get(id) ?? [])
  const lastKept = items.findLastIndex((h) => known.has(h.dialog_id))
  const above = items.filter((h, i) => !known.has(h.dialog_id) && i < lastKept)
  const below = items.filter((h, i) => !known.has(h.dialog_id) && i >= lastKept)
  return [...above, ...kept, ...below]
}

export type Counts = Record<'mine' | 'queue' | 'unassigned' | 'all' | 'unread', number>

/** withCounted moves the tabs' numbers by one dialog's change, until the server's own count arrives. */
export function withCounted(
  counts: Counts,
  before: DialogHead | undefined,
  after: DialogHead,
  me: number,
): Counts {
  if (!before || isOutdated(before, after)) return counts
  const moved = (view: ListFilter['view']) =>
    Number(inView(after, view, me)) - Number(inView(before, view, me))
  const unreadOf = (h: DialogHead) => (inView(h, 'mine', me) ? h.unread : 0)
  return {
    ...counts,
    mine: Math.max(0, counts.mine + moved('mine')),
    queue: Math.max(0, counts.queue + moved('queue')),
    unread: Math.max(0, counts.unread + unreadOf(after) - unreadOf(before)),
  }
}

/** neighbour is the dialog that J and K lead to. */
export function neighbour(
  items: readonly DialogHead[],
  current: string | undefined,
  step: 1 | -1,
): string | undefined {
  const at = items.findIndex((h) => h.dialog_id === current)
  if (at < 0) return items[0]?.dialog_id
  return items[at + step]?.dialog_id
}
