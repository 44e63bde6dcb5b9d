import { api, ok } from '@/lib/api/client'
import type { DialogHead, Message } from '@/lib/api/types'
import type { ListFilter } from '../model/filters'
import type { HeadList } from '../model/heads'
import type { Outgoing } from '../model/outbox'
import { noteServerDate } from './clock'

export const pageSize = 50

const root = '/api/v1/companies/{company}' as const

/** PanelKeys name the caches; everything of one dialog can be renewed by its prefix. */
export const panelKeys = {
  lists: (company: number) => ['dialogs', company, 'list'] as const,
  list: (company: number, filter: ListFilter) => ['dialogs', company, 'list', filter] as const,
  counts: (company: number) => ['dialogs', company, 'counts'] as const,
  dialog: (company: number, dialog: string) => ['dialog', company, dialog] as const,
  dialogs: (company: number) => ['dialog', company] as const,
  thread: (company: number, dialog: string) => ['thread', company, dialog] as const,
  ownState: (company: number) => ['operator-state', company] as const,
  operators: (company: number) => ['operators', company] as const,
  quickReplies: (company: number) => ['quick-replies', company] as const,
  assignments: (company: number, session: string) => ['assignments', company, session] as const,
  message: (company: number, message: string) => ['message', company, message] as const,
  money: (company: number, message: string) => ['message-money', company, message] as const,
}

export async function fetchHeads(
  company: number,
  filter: ListFilter,
  cursor?: string,
): Promise<HeadList> {
  const call = await api.GET(`${root}/dialogs`, {
    params: { path: { company }, query: { ...filter, cursor, limit: pageSize } },
  })
  noteServerDate(call.response.headers.get('Date'))
  const page = await ok(Promise.resolve(call))
  return { items: page.items ?? [], next: page.next_cursor ?? null }
}

export const fetchDialog = (company: number, dialog: string) =>
  ok(api.GET(`${root}/dialogs/{dialog}`, { params: { path: { company, dialog } } }))

export const fetchMessage = (company: number, message: string) =>
  ok(api.GET(`${root}/messages/{message}`, { params: { path: { company, message } } }))

interface Range {
  before_seq?: number
  after_seq?: number
}

export async function fetchMessages(
  company: number,
  dialog: string,
  range: Range = {},
): Promise<Message[]> {
  const page = await ok(
    api.GET(`${root}/dialogs/{dialog}/messages`, {
      params: { path: { company, dialog }, query: { ...range, limit: pageSize } },
    }),
  )
  return page.items ?? []
}

/** postMessage sends under the message's own key, in the body and in the header. */
export const postMessage = (company: number, entry: Outgoing): Promise<Message> =>
  ok(
    api.POST(`${root}/dialogs/{dialog}/messages`, {
      params: { path: { company, dialog: entry.dialog } },
      headers: { 'Idempotency-Key': entry.key },
      body: {
        key: entry.key,
        kind: entry.kind,
        text: entry.text,
        attachments: entry.attachments.map((a) => a.id),
        ...(entry.replyTo ? { reply_to: entry.replyTo } : {}),
      },
    }),
  )

export const markRead = (company: number, dialog: string, seq: number) =>
  ok(
    api.POST(`${root}/dialogs/{dialog}/read`, {
      params: { path: { company, dialog } },
      body: { seq },
    }),
  )

export type DialogAction =
  | { do: 'take' }
  | { do: 'reopen' }
  | { do: 'no-answer-needed' }
  | { do: 'spam' }
  | { do: 'close'; result?: string; comment: string }
  | { do: 'hand-over'; operator?: number; group?: string; comment: string }

/** act does one thing with a dialog and answers with what became of it. */
export function act(company: number, dialog: string, action: DialogAction): Promise<DialogHead> {
  const params = { path: { company, dialog } }
  switch (action.do) {
    case 'close': {
      const { result, comment } = action
      return ok(api.POST(`${root}/dialogs/{dialog}/close`, { params, body: { result, comment } }))
    }
    case 'hand-over': {
      const { operator, group, comment } = action
      return ok(
        api.POST(`${root}/dialogs/{dialog}/hand-over`, {
          params,
          body: { operator, group, comment },
        }),
      )
    }
    case 'take':
      return ok(api.POST(`${root}/dialogs/{dialog}/take`, { params }))
    case 'reopen':
      return ok(api.POST(`${root}/dialogs/{dialog}/reopen`, { params }))
    case 'no-answer-needed':
      return ok(api.POST(`${root}/dialogs/{dialog}/no-answer-needed`, { params }))
    case 'spam':
      return ok(api.POST(`${root}/dialogs/{dialog}/spam`, { params }))
  }
}
