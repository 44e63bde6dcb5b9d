import { inLanguage } from '@parley/shared/text'
import type { Attachment, Chat, Message } from '../protocol/wire'
import type { Words } from '../words/words'
import type { Outgoing } from './outbox'
import type { State } from './state'
import { isIncoming } from './state'

export type Progress = 'sending' | 'sent' | 'read' | 'refused'

export interface Bubble {
  kind: 'bubble'
  id: string
  own: boolean
  /** Shown above the first of several bubbles of the same person. */
  name: string | null
  text: string
  attachments: readonly Attachment[]
  at: string
  /** Of own ones only. */
  progress: Progress | null
  outgoing: Outgoing | null
  /** Neighbours of the same person stand close together; the last one carries time and ticks. */
  first: boolean
  last: boolean
}

export type Row =
  | Bubble
  | { kind: 'day'; id: string; text: string }
  | { kind: 'line'; id: string; text: string }

const together = 5 * 60_000

/** What the thread shows, top to bottom. */
export function rows(state: State, words: Words, now: number): Row[] {
  const { timeline, outbox, dialog } = state
  const shown: Row[] = []
  let day = ''
  function put(row: Row, at: string): void {
    const its = new Date(at).toDateString()
    if (its !== day) {
      day = its
      shown.push({ kind: 'day', id: `day ${its}`, text: words.day(at, now) })
    }
    shown.push(row)
  }
  const greeting = greetingOf(state, words)
  if (greeting) {
    put(greeting, timeline.messages[0]?.at ?? new Date(now).toISOString())
  }
  for (const message of timeline.messages) {
    // A line of the system without a text says nothing to a visitor.
    if (message.text || message.attachments?.length) {
      put(bubble(message, state, words), message.at)
    }
  }
  for (const item of outbox) {
    put(waiting(item), new Date(item.at).toISOString())
  }
  if (dialog?.state === 'closed' && outbox.length === 0) {
    shown.push({ kind: 'line', id: 'closed', text: words.say('dialogClosed') })
  }
  return group(shown)
}

/**
 * The greeting is the chat's, not a message: it stands there until the dialog begins with one
 * that the server has stored.
 */
function greetingOf(state: State, words: Words): Bubble | null {
  const { chat, timeline } = state
  const text = inLanguage({ en: '', ru: '', ...chat?.look.greeting }, words.language)
  const opening = timeline.messages.find((message) => message.author !== 'system')
  if (!text || !timeline.complete || (opening && isIncoming(opening))) {
    return null
  }
  const at = opening?.at ?? ''
  return { ...plain, id: 'greeting', own: false, text, at, name: titleOf(chat, words) }
}

const plain = {
  kind: 'bubble',
  attachments: [],
  progress: null,
  outgoing: null,
  first: true,
  last: true,
} as const

function bubble(message: Message, state: State, words: Words): Bubble {
  const own = message.author === 'contact'
  const read = message.state === 'read' || message.seq <= (state.dialog?.operator_read_seq ?? 0)
  return {
    ...plain,
    // The same id before and after storing, so that the bubble stays and only its tick changes.
    id: message.key ?? message.id,
    own,
    name: own ? null : nameOf(message, state, words),
    text: message.text,
    attachments: message.attachments ?? plain.attachments,
    at: message.at,
    progress: own ? (read ? 'read' : 'sent') : null,
  }
}

/** Bot and system speak for the company; an operator whose name is not shown is an operator. */
export function nameOf(message: Message, { chat }: State, words: Words): string {
  if (message.author_name) {
    return message.author_name
  }
  return message.author === 'operator' ? words.say('operator') : titleOf(chat, words)
}

export function titleOf(chat: Chat | null, words: Words): string {
  const written = inLanguage({ en: '', ru: '', ...chat?.look.title }, words.language)
  return written || chat?.name || words.say('chat')
}

function waiting(item: Outgoing): Bubble {
  return {
    ...plain,
    id: item.key,
    own: true,
    name: null,
    text: item.text,
    attachments: item.attachments,
    at: new Date(item.at).toISOString(),
    progress: item.refused ? 'refused' : 'sending',
    outgoing: item,
  }
}

function group(shown: Row[]): Row[] {
  return shown.map((row, index) => {
    if (row.kind !== 'bubble') {
      return row
    }
    const first = !belongs(shown[index - 1], row)
    const next = shown[index + 1]
    const last = !belongs(next, row) || (next?.kind === 'bubble' && next.progress !== row.progress)
    return { ...row, first, last, name: first ? row.name : null }
  })
}

function belongs(other: Row | undefined, row: Bubble): boolean {
  return (
    other?.kind === 'bubble' &&
    other.own === row.own &&
    other.name === row.name &&
    Math.abs(Date.parse(other.at) - Date.parse(row.at)) < together
  )
}
