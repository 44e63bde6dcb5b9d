import type { Period } from '@/lib/period'
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
