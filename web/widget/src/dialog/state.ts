import type { Chat, Dialog, Message, Publication, Synced, Visit } from '../protocol/wire'
import { limits } from '../protocol/wire'
import type { Outbox, Outgoing } from './outbox'
import { drop, put, settle } from './outbox'
import type { Timeline } from './timeline'
import { arrive, emptyTimeline, fill, prepend, renew } from './timeline'

/**
 * idle: nothing to listen for yet · connecting · online · offline: the device has no network ·
 * closed: this chat is not offered here.
 */
export type Link = 'idle' | 'connecting' | 'online' | 'offline' | 'closed'

/** All that a dialog is on this side, apart from timers and sockets; changed by `step` only. */
export interface State {
  readonly link: Link
  readonly chat: Chat | null
  readonly dialog: Dialog | null
  readonly timeline: Timeline
  readonly outbox: Outbox
  readonly typing: { readonly name: string | null; readonly until: number } | null
  readonly loadingOlder: boolean
}

export const start: State = {
  link: 'idle',
  chat: null,
  dialog: null,
  timeline: emptyTimeline,
  outbox: [],
  typing: null,
  loadingOlder: false,
}

export type Fact =
  | { is: 'link'; link: Link }
  | { is: 'restored'; chat: Chat | null; dialog: Dialog | null; messages: readonly Message[] }
  | { is: 'visited'; visit: Visit }
  | { is: 'forgotten' }
  | { is: 'published'; publication: Publication; now: number }
  | { is: 'synced'; answer: Synced; after: number }
  | { is: 'older'; items: readonly Message[] }
  | { is: 'loading older'; loading: boolean }
  | { is: 'outgoing'; item: Outgoing }
  | { is: 'accepted'; key: string; message: Message }
  | { is: 'dropped'; key: string }
  | { is: 'read'; seq: number }
  | { is: 'typing over'; now: number }

const typingLasts = 6_000

export function step(state: State, fact: Fact): State {
  switch (fact.is) {
    case 'link':
      return { ...state, link: fact.link }
    case 'restored':
      return {
        ...state,
        chat: fact.chat,
        dialog: fact.dialog,
        timeline: renew(state.timeline, fact.messages, limits.page),
      }
    case 'visited': {
      const { chat, dialog, messages } = fact.visit
      const timeline = renew(state.timeline, messages, limits.page)
      const now = dialog && later(state.dialog, dialog)
      return settled({ ...state, chat, dialog: now, timeline }, messages)
    }
    case 'forgotten':
      return { ...state, dialog: null, timeline: emptyTimeline, typing: null }
    case 'published':
      return published(state, fact.publication, fact.now)
    case 'synced': {
      const { items, dialog } = fact.answer
      const timeline = fill(state.timeline, items, fact.after)
      return settled({ ...state, timeline, dialog: later(state.dialog, dialog) }, items)
    }
    case 'older':
      return {
        ...state,
        timeline: prepend(state.timeline, fact.items, limits.page),
        loadingOlder: false,
      }
    case 'loading older':
      return { ...state, loadingOlder: fact.loading }
    case 'outgoing':
      // A key that is stored already must not come back from another tab's late write.
      return state.timeline.messages.some((message) => message.key === fact.item.key)
        ? state
        : { ...state, outbox: put(state.outbox, fact.item) }
    case 'accepted': {
      const timeline = arrive(state.timeline, fact.message)
      const dialog = state.dialog ?? newDialog
      return { ...state, dialog, timeline, outbox: drop(state.outbox, fact.key) }
    }
    case 'dropped':
      return { ...state, outbox: drop(state.outbox, fact.key) }
    case 'read':
      return readTo(state, 'contact', fact.seq)
    case 'typing over':
      return state.typing && state.typing.until <= fact.now ? { ...state, typing: null } : state
  }
}

const newDialog: Dialog = {
  state: 'queued',
  queue_position: null,
  operator_name: null,
  contact_read_seq: 0,
  operator_read_seq: 0,
}

function published(state: State, event: Publication, now: number): State {
  switch (event.type) {
    case 'message': {
      const { message } = event
      const timeline = arrive(state.timeline, message, event.prev_seq)
      const dialog = later(state.dialog ?? newDialog, event.dialog)
      const answered = message.author === 'operator' || message.author === 'bot'
      const typing = answered ? null : state.typing
      return settled({ ...state, timeline, dialog, typing }, [message])
    }
    case 'typing':
      return event.author === 'contact'
        ? state
        : { ...state, typing: { name: event.name ?? null, until: now + typingLasts } }
    case 'read':
      return readTo(state, event.by, event.seq)
    case 'queue': {
      const dialog = state.dialog ?? newDialog
      const queue_position = event.position || null
      const now = queue_position ? 'queued' : dialog.state
      return { ...state, dialog: { ...dialog, state: now, queue_position } }
    }
    case 'dialog':
      return { ...state, dialog: later(state.dialog, event.dialog) }
    default:
      return state
  }
}

function readTo(state: State, by: 'contact' | 'operator', seq: number): State {
  const { dialog } = state
  const member = by === 'contact' ? 'contact_read_seq' : 'operator_read_seq'
  return dialog && seq > dialog[member] ? { ...state, dialog: { ...dialog, [member]: seq } } : state
}

/** What was read stays read, however late an answer made before that comes in. */
function later(held: Dialog | null, told: Dialog | null | undefined): Dialog | null {
  if (!held || !told) {
    return told ?? held
  }
  return {
    ...told,
    contact_read_seq: Math.max(held.contact_read_seq, told.contact_read_seq),
    operator_read_seq: Math.max(held.operator_read_seq, told.operator_read_seq),
  }
}

function settled(state: State, stored: readonly Message[]): State {
  const outbox = settle(state.outbox, stored)
  return outbox === state.outbox ? state : { ...state, outbox }
}

/** Messages of the other side that the visitor has not seen. */
export function unread(state: State): number {
  const read = state.dialog?.contact_read_seq ?? 0
  return state.timeline.messages.filter((message) => message.seq > read && isIncoming(message))
    .length
}

export function isIncoming(message: Message): boolean {
  return message.author === 'operator' || message.author === 'bot'
}

export function lastIncoming(state: State): number {
  return state.timeline.messages.findLast(isIncoming)?.seq ?? 0
}
