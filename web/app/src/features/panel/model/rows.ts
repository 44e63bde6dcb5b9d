import type { Dialog, Message } from '@/lib/api/types'
import type { Outgoing } from './outbox'
import { lastSeq, type Timeline } from './timeline'

export type Side = 'contact' | 'own' | 'team'

export interface BubbleRow {
  row: 'message'
  key: string
  message: Message
  side: Side
  /** First and last of a run by one author: the name stands above the first, the tail below the last. */
  first: boolean
  last: boolean
}

/** Row is one line of the thread, ready to be drawn. */
export type Row =
  | { row: 'day'; key: string; at: string }
  | { row: 'session'; key: string; number: number; at: string }
  | { row: 'new'; key: string; count: number }
  | { row: 'gap'; key: string }
  | { row: 'system'; key: string; message: Message }
  | BubbleRow
  | { row: 'outgoing'; key: string; entry: Outgoing; first: boolean }

export interface RowsInput {
  timeline: Timeline
  outgoing: readonly Outgoing[]
  sessions: Dialog['sessions']
  me: number
  /** What had been read when the thread was opened; null while that is not known. */
  readAtOpen: number | null
  dayOf: (at: string) => string
}

const runLasts = 5 * 60_000

export function sideOf(message: Message, me: number): Side {
  if (message.author === 'contact') return 'contact'
  return message.author === 'operator' && message.author_id === me ? 'own' : 'team'
}

function sameRun(a: Message | undefined, b: Message): boolean {
  return (
    a !== undefined &&
    a.kind !== 'system' &&
    b.kind !== 'system' &&
    a.author === b.author &&
    a.author_id === b.author_id &&
    (a.kind === 'note') === (b.kind === 'note') &&
    Date.parse(b.at) - Date.parse(a.at) < runLasts
  )
}

/** Only what others wrote is new to a person. */
function isNews(message: Message, me: number): boolean {
  return message.kind !== 'system' && sideOf(message, me) !== 'own'
}

/** What one has answered is no longer news, and its mark would only be in the way. */
function unreadOf(messages: Message[], readAtOpen: number | null, me: number): Message[] {
  if (readAtOpen === null) return []
  const later = messages.filter((m) => m.seq > readAtOpen)
  if (later.some((m) => m.kind !== 'note' && sideOf(m, me) === 'own')) return []
  return later.filter((m) => isNews(m, me))
}

function bubbles(input: RowsInput): Row[] {
  const { timeline, me, readAtOpen, dayOf } = input
  const { messages, gapAfter } = timeline
  const numbers = new Map(input.sessions.map((s) => [s.id, s]))
  const unread = unreadOf(messages, readAtOpen, me)
  const rows: Row[] = []
  messages.forEach((message, i) => {
    const before = messages[i - 1]
    const after = messages[i + 1]
    const newDay = !before || dayOf(before.at) !== dayOf(message.at)
    const session = message.session_id ? numbers.get(message.session_id) : undefined
    const newSession = session && before?.session_id !== message.session_id
    const newMark = message === unread[0]
    const afterGap = gapAfter !== null && before !== undefined && before.seq === gapAfter
    if (newDay) rows.push({ row: 'day', key: `day-${message.seq}`, at: message.at })
    if (newSession && (before || timeline.complete)) {
      const key = `session-${session.id}-${message.seq}`
      rows.push({ row: 'session', key, number: session.number, at: session.started_at })
    }
    if (afterGap) rows.push({ row: 'gap', key: 'gap' })
    if (newMark) rows.push({ row: 'new', key: 'new', count: unread.length })
    const key = message.key ?? message.id
    if (message.kind === 'system') {
      rows.push({ row: 'system', key, message })
      return
    }
    const broken = newDay || newSession || afterGap || newMark
    rows.push({
      row: 'message',
      key,
      message,
      side: sideOf(message, me),
      first: Boolean(broken) || !sameRun(before, message),
      last: !after || !sameRun(message, after) || dayOf(after.at) !== dayOf(message.at),
    })
  })
  return rows
}

/** rowsOf lays the correspondence out: days, sessions, the mark of what is new, bubbles, and at the end what is on its way. */
export function rowsOf(input: RowsInput): Row[] {
  const stored = new Set(input.timeline.messages.map((m) => m.key))
  const rows = bubbles(input)
  const waiting = input.outgoing.filter((e) => !stored.has(e.key))
  waiting.forEach((entry, i) => {
    rows.push({ row: 'outgoing', key: entry.key, entry, first: i === 0 })
  })
  return rows
}

/** newsSince counts what arrived below the eye while the person was reading further up. */
export function newsSince(timeline: Timeline, seenSeq: number, me: number): number {
  if (lastSeq(timeline) <= seenSeq) return 0
  return timeline.messages.filter((m) => m.seq > seenSeq && isNews(m, me)).length
}
