import { useThrottledCallback } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useRef } from 'react'
import type { Dialog, DialogHead, Message, Operator } from '@/lib/api/types'
import { useChannel, useRealtime, useReconnected } from '@/lib/realtime/realtime'
import { useSession } from '@/lib/session/session'
import { type Timeline, withArrived, withRead } from '../model/timeline'
import { panelKeys } from './api'
import { chime } from './sound'
import { typingEnded, typingStarted } from './typing'
import { applyHead, dropHead } from './useDialogs'

interface OwnState {
  state: Operator['state']
  since: string | null
  open: number
  limit: number
}

/** usePanelLive brings what the server tells into the lists, the open thread and the bar. */
export function usePanelLive(opened: string | undefined): void {
  const { company, user, may } = useSession()
  const client = useQueryClient()
  const me = user.id
  const heard = useRef(new Set<string>())
  useChannel(may('panel.supervise') ? `all:${company.id}` : undefined)

  const recount = useThrottledCallback(
    () => void client.invalidateQueries({ queryKey: panelKeys.counts(company.id) }),
    1_500,
  )
  const renewDialog = (dialog: string) =>
    void client.invalidateQueries({ queryKey: panelKeys.dialog(company.id, dialog) })

  const takeHead = (head: DialogHead) => {
    const before = applyHead(client, company.id, me, head)
    const detail = panelKeys.dialog(company.id, head.dialog_id)
    const known = client.getQueryData<Dialog>(detail)
    if (known && known.head.last.seq <= head.last.seq) {
      client.setQueryData<Dialog>(detail, { ...known, head })
      const moved =
        known.head.state !== head.state ||
        known.head.assignee?.id !== head.assignee?.id ||
        known.head.session_id !== head.session_id ||
        known.head.contact.name !== head.contact.name
      if (moved) renewDialog(head.dialog_id)
    }
    const sameView = before && before.state === head.state && before.unread === head.unread
    if (!sameView || before.assignee?.id !== head.assignee?.id) recount()
  }

  /** One message comes over several channels; it rings once. */
  const ring = (message: Message, head: DialogHead) => {
    if (message.author !== 'contact' || heard.current.has(message.id)) return
    heard.current.add(message.id)
    if (heard.current.size > 500) heard.current.clear()
    const watched = head.dialog_id === opened && document.hasFocus()
    if (head.assignee?.id === me && !watched) chime('message')
    else if (head.state === 'queued' && message.seq <= 1) chime('queue')
  }

  useRealtime('message', ({ dialog_id, message, head, prev_seq }) => {
    typingEnded(dialog_id, message.author === 'contact' ? 'contact' : 'operator')
    client.setQueryData<Timeline>(
      panelKeys.thread(company.id, dialog_id),
      (known) => known && withArrived(known, message, prev_seq),
    )
    takeHead(head)
    ring(message, head)
  })
  useRealtime('head', ({ head }) => takeHead(head))
  useRealtime('removed', ({ dialog_id }) => {
    dropHead(client, company.id, dialog_id)
    renewDialog(dialog_id)
    recount()
  })
  useRealtime('read', ({ dialog_id, by, seq }) => {
    if (by !== 'contact') return
    client.setQueryData<Timeline>(
      panelKeys.thread(company.id, dialog_id),
      (known) => known && withRead(known, seq),
    )
    client.setQueryData<Dialog>(
      panelKeys.dialog(company.id, dialog_id),
      (known) => known && { ...known, contact_read_seq: Math.max(known.contact_read_seq, seq) },
    )
  })
  useRealtime('typing', ({ dialog_id, author, name }) => {
    if (author === 'operator' && name === user.name) return
    typingStarted(dialog_id, { author, name })
  })
  useRealtime('operator', ({ user_id, state, open, limit }) => {
    client.setQueryData<{ items: Operator[] }>(
      panelKeys.operators(company.id),
      (known) =>
        known && {
          ...known,
          items: known.items.map((o) => (o.user_id === user_id ? { ...o, state, open, limit } : o)),
        },
    )
    if (user_id !== me) return
    client.setQueryData<OwnState>(
      panelKeys.ownState(company.id),
      (known) => known && { ...known, state, open, limit },
    )
  })
  useReconnected(() => {
    void client.invalidateQueries({ queryKey: panelKeys.lists(company.id) })
    void client.invalidateQueries({ queryKey: panelKeys.ownState(company.id) })
    void client.invalidateQueries({ queryKey: panelKeys.operators(company.id) })
    recount()
  })
}
