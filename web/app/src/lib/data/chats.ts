import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Chat, Group, QuickReply } from '@/lib/api/types'
import { everyPage } from './everyPage'

export function chatsQuery(company: number) {
  return queryOptions({
    queryKey: ['chats', company],
    queryFn: () =>
      everyPage<Chat>((cursor) =>
        ok(
          api.GET('/api/v1/companies/{company}/chats', {
            params: { path: { company }, query: { cursor, limit: 100 } },
          }),
        ),
      ),
  })
}

export function groupsQuery(company: number) {
  return queryOptions({
    queryKey: ['groups', company],
    queryFn: () =>
      everyPage<Group>((cursor) =>
        ok(
          api.GET('/api/v1/companies/{company}/groups', {
            params: { path: { company }, query: { cursor, limit: 100 } },
          }),
        ),
      ),
  })
}

export function chatQuery(company: number, chat: string) {
  return queryOptions({
    queryKey: ['chats', company, chat],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/chats/{chat}', {
          params: { path: { company, chat } },
        }),
      ),
  })
}

export function quickRepliesQuery(company: number) {
  return queryOptions({
    queryKey: ['quick-replies', company],
    queryFn: () =>
      everyPage<QuickReply>((cursor) =>
        ok(
          api.GET('/api/v1/companies/{company}/quick-replies', {
            params: { path: { company }, query: { cursor, limit: 100 } },
          }),
        ),
      ),
  })
}
