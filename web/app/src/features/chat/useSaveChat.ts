import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Chat, ChatPatch } from '@/lib/api/types'
import { chatQuery, chatsQuery } from '@/lib/data/chats'
import { useSession } from '@/lib/session/session'
import type { How } from '@/ui/Form'

/** useSaveChat writes a part of a chat; the version refuses to write over someone else's change. */
export function useSaveChat(chat: Chat): (patch: ChatPatch, how: How) => Promise<Chat> {
  const { company } = useSession()
  const client = useQueryClient()
  return async (patch, how) => {
    const saved = await ok(
      api.PATCH('/api/v1/companies/{company}/chats/{chat}', {
        params: {
          path: { company: company.id, chat: chat.id },
          header: { 'If-Match': how.overwrite ? '*' : `"${chat.version}"` },
        },
        body: patch,
      }),
    )
    client.setQueryData(chatQuery(company.id, chat.id).queryKey, saved)
    void client.invalidateQueries({ queryKey: chatsQuery(company.id).queryKey, exact: true })
    return saved
  }
}
