import { describe, expect, it } from 'vitest'
import type { Chat, Message } from '../protocol/wire'
import { Words } from '../words/words'
import { type Row, rows } from './rows'
import { type State, start } from './state'
import { renew } from './timeline'

const words = new Words('en')
const now = new Date(2026, 10, 21, 15, 0).getTime()
const chat: Chat = {
  name: 'Shop',
  look: {
    accent: '#4353d6',
    side: 'right',
    launcher: 'bubble',
    title: { en: 'Blue Bakery' },
    greeting: { en: 'Hello' },
  },
  languages: ['en'],
  operator_name_shown: true,
}

function message(
  seq: number,
  author: Message['author'],
  minute: number,
  over: Partial<Message> = {},
): Message {
  return {
    id: `m${seq}`,
    dialog_id: 'd',
    seq,
    author,
    kind: 'text',
    text: `text ${seq}`,
    at: new Date(2026, 10, 21, 14, minute).toISOString(),
    state: 'sent',
    ...over,
  }
}

function drawn(messages: Message[], over: Partial<State> = {}): Row[] {
  const timeline = renew(start.timeline, messages, 50)
  return rows({ ...start, chat, timeline, ...over }, words, now)
}

const bubbles = (all: Row[]) => all.filter((row) => row.kind === 'bubble')

const dialog = {
  state: 'open',
  queue_position: null,
  operator_name: 'Anna',
  contact_read_seq: 0,
  operator_read_seq: 2,
} as const

describe('rows', () => {
  it('greets before the first message, and after one that began without a greeting', () => {
    expect(bubbles(drawn([])).map((row) => row.text)).toEqual(['Hello'])
    expect(bubbles(drawn([message(1, 'contact', 0)])).map((row) => row.text)).toEqual([
      'Hello',
      'text 1',
    ])
  })

  it('does not greet twice when the server has stored the greeting', () => {
    const stored = [message(1, 'bot', 0, { text: 'Hello' }), message(2, 'contact', 1)]
    expect(bubbles(drawn(stored)).map((row) => row.text)).toEqual(['Hello', 'text 2'])
  })

  it('does not greet in the middle of a long dialog', () => {
    const page = Array.from({ length: 50 }, (_, index) => message(index + 100, 'contact', 0))
    expect(bubbles(drawn(page))[0]?.text).toBe('text 100')
  })

  it('parts days', () => {
    const yesterday = new Date(2026, 10, 20, 23, 59).toISOString()
    const all = drawn([message(1, 'bot', 0, { at: yesterday }), message(2, 'contact', 0)])
    expect(all.filter((row) => row.kind === 'day').map((row) => row.text)).toEqual([
      'Yesterday',
      'Today',
    ])
  })

  it('keeps neighbours of one person together and names them once', () => {
    const all = bubbles(
      drawn([
        message(1, 'operator', 0, { author_name: 'Anna' }),
        message(2, 'operator', 1, { author_name: 'Anna' }),
        message(3, 'operator', 2, { author_name: 'Boris' }),
        message(4, 'operator', 20, { author_name: 'Boris' }),
      ]),
    )
    expect(all.map(({ name, first, last }) => [name, first, last])).toEqual([
      ['Anna', true, false],
      [null, false, true],
      ['Boris', true, true],
      ['Boris', true, true],
    ])
  })

  it('names nobody who is not to be named', () => {
    const all = bubbles(
      drawn([message(1, 'bot', 0), message(2, 'operator', 1), message(3, 'system', 20)]),
    )
    expect(all.map((row) => row.name)).toEqual(['Blue Bakery', 'Operator', 'Blue Bakery'])
  })

  it('ticks own messages: sending, sent, read, refused', () => {
    const item = {
      key: 'k',
      text: 't',
      attachments: [],
      page: { url: '', title: '' },
      at: now,
      tries: 0,
    }
    const all = bubbles(
      drawn([message(1, 'bot', 0), message(2, 'contact', 0), message(3, 'contact', 0)], {
        dialog,
        outbox: [item, { ...item, key: 'l', refused: true }],
      }),
    )
    expect(all.map((row) => row.progress)).toEqual([null, 'read', 'sent', 'sending', 'refused'])
    expect(all.map((row) => row.last)).toEqual([true, true, true, true, true])
  })

  it('keeps a row when what was sending has been stored', () => {
    const item = {
      key: 'k',
      text: 't',
      attachments: [],
      page: { url: '', title: '' },
      at: now,
      tries: 0,
    }
    const before = bubbles(drawn([], { outbox: [item] })).at(-1)
    const after = bubbles(drawn([message(1, 'contact', 0, { key: 'k' })])).at(-1)
    expect(before?.id).toBe(after?.id)
  })

  it('says that the dialog is closed until the visitor writes again', () => {
    const item = {
      key: 'k',
      text: 't',
      attachments: [],
      page: { url: '', title: '' },
      at: now,
      tries: 0,
    }
    const closed = { ...dialog, state: 'closed' } as const
    const stored = [message(1, 'contact', 0)]
    expect(drawn(stored, { dialog: closed }).at(-1)?.kind).toBe('line')
    expect(drawn(stored, { dialog: closed, outbox: [item] }).at(-1)?.kind).toBe('bubble')
  })
})
