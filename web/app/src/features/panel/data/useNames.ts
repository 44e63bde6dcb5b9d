import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { chatsQuery } from '@/lib/data/chats'
import { operatorsQuery } from '@/lib/data/panel'
import { useSession } from '@/lib/session/session'
import type { Names } from '../model/systemLine'

/** useNames puts names to the people and results that system lines tell by number and code. */
export function useNames(chat: string): Names {
  const { company, user } = useSession()
  const operators = useQuery(operatorsQuery(company.id)).data?.items
  const chats = useQuery(chatsQuery(company.id)).data
  return useMemo(() => {
    const people = new Map(operators?.map((o) => [o.user_id, o.name]))
    const results = chats?.find((c) => c.id === chat)?.closing_results ?? []
    return {
      user: (id) => (id === user.id ? user.name : people.get(id)),
      result: (code) => results.find((r) => r.code === code)?.label,
    }
  }, [operators, chats, chat, user])
}
