import { micros } from '@parley/shared/money'
import type { ListedInvoice } from '@/lib/api/types'
import { type Period, presetPeriod } from '@/lib/period'
import type { InvoiceSearch } from './search'

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

/** awaitsMoney: something of it is still to be paid. */
export function awaitsMoney({ state }: Pick<ListedInvoice, 'state'>): boolean {
  return state === 'issued' || state === 'partly_paid'
}
