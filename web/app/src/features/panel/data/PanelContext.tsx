import type { Money } from '@parley/shared/money'
import { micros } from '@parley/shared/money'
import { useQueryClient } from '@tanstack/react-query'
import {
  createContext,
  type ReactNode,
  use,
  useCallback,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { asApiError } from '@/lib/api/error'
import { useRealtime, useReconnected } from '@/lib/realtime/realtime'
import { useSession } from '@/lib/session/session'
import { type Draft, Drafts } from '../model/drafts'
import { Outbox, type Outgoing } from '../model/outbox'
import { browserStore } from '../model/store'
import { merge, type Timeline } from '../model/timeline'
import { panelKeys, postMessage } from './api'
import { type Uploading, Uploads } from './uploads'

/** MoneyRefusal is why the last answer was not taken; it stands until one is. */
export interface MoneyRefusal {
  code: 'insufficient_funds' | 'seller_suspended'
  price?: Money
  missing?: Money
  /** The balance has risen since and covers the price. */
  covered: boolean
}

interface Panel {
  company: number
  me: number
  drafts: Drafts
  outbox: Outbox
  uploads: Uploads
  refusal: MoneyRefusal | null
}

const Current = createContext<Panel | null>(null)

export function usePanel(): Panel {
  const panel = use(Current)
  if (!panel) throw new Error('usePanel outside of the operator panel')
  return panel
}

/** PanelProvider keeps what is typed and what is on its way while the person moves between dialogs. */
export function PanelProvider({ children }: { children: ReactNode }) {
  const { company, user } = useSession()
  const client = useQueryClient()
  const [refusal, setRefusal] = useState<MoneyRefusal | null>(null)
  const owner = `${company.id}.${user.id}.`

  const { drafts, outbox, uploads } = useMemo(() => {
    const store = browserStore()
    const drafts = new Drafts(store, `parley.draft.${owner}`)
    const outbox = new Outbox({
      store,
      prefix: `parley.outbox.${owner}`,
      post: (entry) => postMessage(company.id, entry),
      refusalOf: (thrown) => {
        const { code, requestId, retryAfter, problem } = asApiError(thrown)
        const full = code === 'conflict' && typeof problem.limit === 'number'
        return { code: full ? 'at_limit' : code, requestId, retryAfter }
      },
      onSent: (entry, message) => {
        if (entry.kind === 'reply') setRefusal(null)
        client.setQueryData<Timeline>(
          panelKeys.thread(company.id, entry.dialog),
          (known) => known && merge(known, [{ ...message, key: message.key ?? entry.key }]),
        )
      },
      onReturned: (dialog, entries, thrown) => {
        drafts.giveBack(dialog, entries)
        const problem = asApiError(thrown)
        setRefusal({
          code: problem.code === 'seller_suspended' ? 'seller_suspended' : 'insufficient_funds',
          price: problem.money('price'),
          missing: problem.money('missing'),
          covered: false,
        })
      },
    })
    const uploads = new Uploads(`/api/v1/companies/${company.id}/attachments`, drafts)
    return { drafts, outbox, uploads }
  }, [owner, company.id, client])

  useEffect(() => {
    const changed = (event: StorageEvent) => drafts.changedElsewhere(event.key)
    const online = () => outbox.resume()
    window.addEventListener('storage', changed)
    window.addEventListener('online', online)
    outbox.resume()
    return () => {
      window.removeEventListener('storage', changed)
      window.removeEventListener('online', online)
    }
  }, [drafts, outbox])
  useReconnected(() => outbox.resume())
  useCovered(refusal, setRefusal)

  const panel = useMemo(
    () => ({ company: company.id, me: user.id, drafts, outbox, uploads, refusal }),
    [company.id, user.id, drafts, outbox, uploads, refusal],
  )
  return <Current value={panel}>{children}</Current>
}

/** A deposit is noticed live by those who may see the balance; the others simply send again. */
function useCovered(
  refusal: MoneyRefusal | null,
  change: (next: MoneyRefusal | null) => void,
): void {
  const check = useEffectEvent((available: string) => {
    const price = micros(refusal?.price?.amount ?? '')
    const now = micros(available)
    if (refusal?.code !== 'insufficient_funds' || price === undefined || now === undefined) return
    if (refusal.covered !== now >= price) change({ ...refusal, covered: now >= price })
  })
  useRealtime('balance', (event) => check(event.available))
}

/** useDraft is a dialog's unsent text and the way to change it. */
export function useDraft(dialog: string): [Draft, (change: Partial<Draft>) => void] {
  const { drafts } = usePanel()
  const draft = useSyncExternalStore(drafts.subscribe, () => drafts.of(dialog))
  const change = useCallback((part: Partial<Draft>) => drafts.put(dialog, part), [drafts, dialog])
  return [draft, change]
}

/** useOutgoing are a dialog's messages that are not stored yet. */
export function useOutgoing(dialog: string): Outgoing[] {
  const { outbox } = usePanel()
  return useSyncExternalStore(outbox.subscribe, () => outbox.of(dialog))
}

/** useUploads are a dialog's files that have not arrived yet. */
export function useUploads(dialog: string): Uploading[] {
  const { uploads } = usePanel()
  return useSyncExternalStore(uploads.subscribe, () => uploads.of(dialog))
}
