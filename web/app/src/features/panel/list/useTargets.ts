import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { DialogHead } from '@/lib/api/types'
import { chatsQuery, groupsQuery } from '@/lib/data/chats'
import { useSession } from '@/lib/session/session'
import { targetOf } from '../model/waiting'

/** useTargets finds the answer-time target of a row: the group's before the chat's. */
export function useTargets(): (head: DialogHead) => number | null {
  const { company } = useSession()
  const chats = useQuery(chatsQuery(company.id)).data
  const groups = useQuery(groupsQuery(company.id)).data
  return useMemo(() => {
    const chatById = new Map(chats?.map((c) => [c.id, c]))
    const groupById = new Map(groups?.map((g) => [g.id, g]))
    return (head) =>
      targetOf(head.answered, groupById.get(head.group_id ?? ''), chatById.get(head.chat_id))
  }, [chats, groups])
}
