import type { DialogHead, Message } from '@/lib/api/types'

/** Samples for tests: whole objects of the wire with a few members of the test's choice. */
export function message(own: Partial<Message> & { seq: number }): Message {
  return {
    id: `m-${own.seq}`,
    dialog_id: 'd-1',
    session_id: 's-1',
    author: 'contact',
    author_name: 'Client 1042',
    author_id: null,
    kind: 'text',
    text: `text ${own.seq}`,
    attachments: [],
    at: `2026-11-21T10:${String(own.seq % 60).padStart(2, '0')}:00Z`,
    state: 'sent',
    reply_to: null,
    key: null,
    system: null,
    ...own,
  }
}

export function head(own: Partial<DialogHead> & { dialog_id: string }): DialogHead {
  return {
    number: 1,
    chat_id: 'c-1',
    channel: 'web',
    contact: { id: `contact-${own.dialog_id}`, name: 'Client 1042' },
    state: 'open',
    assignee: { id: 7, name: 'Olga' },
    group_id: null,
    session_id: 's-1',
    session_number: 1,
    last: { seq: 1, at: '2026-11-21T10:00:00Z', author: 'contact', preview: 'hello' },
    unread: 0,
    waiting_since: null,
    unanswered: false,
    answered: false,
    tags: [],
    result: '',
    ...own,
  }
}
