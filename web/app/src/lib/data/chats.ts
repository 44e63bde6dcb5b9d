import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Chat, Group } from '@/lib/api/types'

interface PageOf<T> {
  items: T[] | null
  next_cursor?: string | null
}

/** everyPage reads a short list to its end; only for things a company has dozens of. */
async function everyPage<T>(page: (cursor?: string) => Promise<PageOf<T>>): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const next = await page(cursor)
    all.push(...(next.items ?? []))
    cursor = next.next_cursor ?? undefined
  } while (cursor)
  return all
}

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
