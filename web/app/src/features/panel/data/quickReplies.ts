import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { QuickReply } from '@/lib/api/types'
import { panelKeys } from './api'

const root = '/api/v1/companies/{company}/quick-replies' as const

/** quickRepliesQuery are all texts this person may insert, common and personal. */
export function quickRepliesQuery(company: number) {
  return queryOptions({
    queryKey: panelKeys.quickReplies(company),
    staleTime: 60_000,
    queryFn: async (): Promise<QuickReply[]> => {
      const all: QuickReply[] = []
      let cursor: string | undefined
      do {
        const page = await ok(
          api.GET(root, { params: { path: { company }, query: { cursor, limit: 100 } } }),
        )
        all.push(...(page.items ?? []))
        cursor = page.next_cursor ?? undefined
      } while (cursor)
      return all
    },
  })
}

export const createPersonalReply = (
  company: number,
  reply: Pick<QuickReply, 'title' | 'text' | 'folder'>,
): Promise<QuickReply> =>
  ok(api.POST(root, { params: { path: { company } }, body: { ...reply, personal: true } }))
