import { asApiError } from '@/lib/api/error'
import { problemText } from '@/lib/api/problemText'
import type { TFunction } from '@/lib/i18n/texts'

/** lastsWithAction is how long something can be taken back. */
export const lastsWithAction = 10_000

export interface Toast {
  id: number
  meaning: 'good' | 'bad' | 'info'
  message: string
  /** Offers to take back what was just done. */
  action?: { label: string; run: () => void }
}

let shown: Toast[] = []
let count = 0
const listeners = new Set<() => void>()

function change(next: Toast[]): void {
  shown = next
  for (const listener of listeners) listener()
}

function show(toast: Omit<Toast, 'id'>, milliseconds: number): number {
  const id = ++count
  change([...shown.slice(-3), { ...toast, id }])
  setTimeout(() => dismissToast(id), milliseconds)
  return id
}

/** toastGood tells that something far from the button worked; an action such as Undo stays for 10 s. */
export function toastGood(message: string, action?: Toast['action']): number {
  return show({ meaning: 'good', message, action }, action ? lastsWithAction : 4_000)
}

/** toastWord says something that is neither good nor bad, only true now. */
export function toastWord(message: string): number {
  return show({ meaning: 'info', message }, 6_000)
}

/** toastBad says in the page's own words why something was refused. */
export function toastBad(message: string): number {
  return show({ meaning: 'bad', message }, 8_000)
}

/** toastProblem tells what failed when there is no form to say it in. */
export function toastProblem(t: TFunction, error: unknown): number {
  const { requestId, status } = asApiError(error)
  const reference = requestId && status >= 500 ? ` ${t('ui:error.reference')} ${requestId}` : ''
  return show({ meaning: 'bad', message: problemText(t, error) + reference }, 8_000)
}

export function dismissToast(id: number): void {
  change(shown.filter((toast) => toast.id !== id))
}

export function subscribeToasts(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function currentToasts(): Toast[] {
  return shown
}
