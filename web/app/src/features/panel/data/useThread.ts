import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useEffectEvent, useRef, useState } from 'react'
import type { Dialog } from '@/lib/api/types'
import { useChannel, useReconnected } from '@/lib/realtime/realtime'
import {
  emptyTimeline,
  firstSeq,
  knownUpTo,
  type Timeline,
  withCaughtUp,
  withLatest,
  withOlder,
  withRead,
} from '../model/timeline'
import { fetchDialog, fetchMessages, markRead, pageSize, panelKeys } from './api'

/** useDialog is everything about one dialog except its messages. */
export function useDialog(company: number, dialog: string) {
  return useQuery({
    queryKey: panelKeys.dialog(company, dialog),
    queryFn: () => fetchDialog(company, dialog),
    staleTime: 10_000,
  })
}

/** A gap wider than this is not read message by message: the newest page replaces the thread. */
const mostPages = 4

/** useThread is a dialog's correspondence, complete from where it was opened on. */
export function useThread(company: number, dialog: string) {
  const client = useQueryClient()
  const key = panelKeys.thread(company, dialog)
  const [older, setOlder] = useState<{ loading: boolean; error: unknown }>({
    loading: false,
    error: null,
  })
  useChannel(`dialog:${company}:${dialog}`)

  const query = useQuery({
    queryKey: key,
    queryFn: async () => {
      const page = await fetchMessages(company, dialog)
      return withLatest(client.getQueryData<Timeline>(key) ?? emptyTimeline, page, pageSize)
    },
    staleTime: 0,
    refetchOnMount: 'always',
    refetchOnWindowFocus: false,
    gcTime: 10 * 60_000,
  })
  const change = (work: (known: Timeline) => Timeline) =>
    client.setQueryData<Timeline>(key, (known) => known && work(known))

  const catchUp = useEffectEvent(async () => {
    for (let page = 0; page < mostPages; page++) {
      const known = client.getQueryData<Timeline>(key)
      if (!known) return
      const missed = await fetchMessages(company, dialog, { after_seq: knownUpTo(known) })
      change((t) => withCaughtUp(t, missed, pageSize))
      if (missed.length < pageSize) return
    }
    void query.refetch()
  })
  const gap = query.data?.gapAfter ?? null
  useEffect(() => {
    if (gap !== null) catchUp().catch(() => undefined)
  }, [gap])
  useReconnected(() => {
    catchUp().catch(() => undefined)
    void client.invalidateQueries({ queryKey: panelKeys.dialog(company, dialog) })
  })

  const loadOlder = useCallback(async () => {
    const known = client.getQueryData<Timeline>(key)
    if (!known || known.complete || older.loading) return
    setOlder({ loading: true, error: null })
    try {
      const page = await fetchMessages(company, dialog, { before_seq: firstSeq(known) })
      client.setQueryData<Timeline>(key, (t) => t && withOlder(t, page, pageSize))
      setOlder({ loading: false, error: null })
    } catch (error) {
      setOlder({ loading: false, error })
    }
  }, [client, key, company, dialog, older.loading])

  return {
    timeline: query.data,
    error: query.error,
    retry: () => void query.refetch(),
    loadOlder: () => void loadOlder(),
    older,
  }
}

/** useMarkRead tells the server what the operator has seen, once per message and only when it was seen. */
export function useMarkRead(company: number, dialog: string) {
  const client = useQueryClient()
  const told = useRef(0)
  return useCallback(
    (seq: number) => {
      if (seq <= told.current) return
      const before = told.current
      told.current = seq
      markRead(company, dialog, seq).then(
        () =>
          client.setQueryData<Dialog>(
            panelKeys.dialog(company, dialog),
            (d) => d && { ...d, operator_read_seq: Math.max(d.operator_read_seq, seq) },
          ),
        () => {
          told.current = before
        },
      )
    },
    [client, company, dialog],
  )
}

/** contactHasRead moves the ticks of a thread that is loaded. */
export function contactHasRead(timeline: Timeline, seq: number): Timeline {
  return withRead(timeline, seq)
}
