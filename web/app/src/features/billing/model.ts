import { micros } from '@parley/shared/money'
import type { ListedInvoice } from '@/lib/api/types'
import { type Period, presetPeriod } from '@/lib/period'
import { moment, oneOf, word } from '@/lib/search'

export const kinds = ['top_up', 'monthly'] as const
export const states = ['issued', 'partly_paid', 'paid', 'cancelled'] as const
export const choices = ['unpaid', ...states] as const
export const sorts = ['-issued_at', 'issued_at', '-total', 'total'] as const

/** InvoiceSearch is what a list of invoices keeps in the URL. */
export interface InvoiceSearch extends Period {
  q?: string
  kind?: (typeof kinds)[number]
  state?: (typeof choices)[number]
  /** Takes off the period that a list has by itself. */
  period?: 'all'
  sort?: (typeof sorts)[number]
}

export function readSearch(search: Record<string, unknown>): InvoiceSearch {
  return {
    q: word(search.q),
    kind: oneOf(search.kind, kinds),
    state: oneOf(search.state, choices),
    from: moment(search.from),
    to: moment(search.to),
    period: oneOf(search.period, ['all']),
    sort: oneOf(search.sort, sorts),
  }
}

/** SoldSearch is what a seller's list keeps in the URL. */
export interface SoldSearch extends InvoiceSearch {
  /** The invoice whose payment is being confirmed. */
  pay?: string
}

export function readSoldSearch(search: Record<string, unknown>): SoldSearch {
  return { ...readSearch(search), pay: word(search.pay) }
}

/** periodOf is the month that runs, unless another period, or none, was chosen. */
export function periodOf({ from, to, period }: InvoiceSearch, today: string): Period {
  if (from || to) return { from, to }
  return period === 'all' ? {} : presetPeriod('thisMonth', today)
}

/** isFiltered tells whether more is chosen than how to sort. */
export function isFiltered({ sort: _, ...filters }: InvoiceSearch): boolean {
  return Object.values(filters).some(Boolean)
}

type Dated = Pick<ListedInvoice, 'state' | 'due_at'>

/** isLate is true for an unpaid invoice whose last day has ended. */
export function isLate({ state, due_at }: Dated, now: number): boolean {
  return (state === 'issued' || state === 'partly_paid') && Date.parse(due_at) <= now
}

/** openAmount is what is still to be paid, exact to the last decimal. */
export function openAmount({ to_pay, paid }: Pick<ListedInvoice, 'to_pay' | 'paid'>): string {
  const open = (micros(to_pay) ?? 0n) - (micros(paid) ?? 0n)
  const decimals = String(open % 1_000_000n).padStart(6, '0')
  return `${open / 1_000_000n}.${decimals.replace(/0{1,4}$/, '')}`
}
