import { api, ok } from '@/lib/api/client'
import type { Invoice, ListedInvoice, Payment, PaymentInput } from '@/lib/api/types'

type Query = {
  number?: string
  kind?: ListedInvoice['kind']
  state?: ListedInvoice['state'] | 'unpaid'
  from?: string
  to?: string
  sort?: '-issued_at' | 'issued_at' | '-total' | 'total'
  cursor?: string
  limit?: number
}

/** Seller is who has issued invoices: the platform, or a reseller to its companies. */
export interface Seller {
  /** Keeps the lists of different sellers apart. */
  key: string
  list: (query: Query) => Promise<{ items: ListedInvoice[]; next_cursor: string | null }>
  /** one is an invoice with its lines and payments. */
  one: (buyer: number, invoice: string) => Promise<Invoice>
  confirm: (invoice: ListedInvoice, payment: PaymentInput) => Promise<Payment>
  cancel: (invoice: ListedInvoice) => Promise<Invoice>
  pdf: (invoice: ListedInvoice) => string
}

export const platform: Seller = {
  key: 'platform',
  list: (query) => ok(api.GET('/api/v1/back-office/invoices', { params: { query } })),
  one: (buyer, invoice) =>
    ok(
      api.GET('/api/v1/back-office/invoices/{company}/{invoice}', {
        params: { path: { company: buyer, invoice } },
      }),
    ),
  confirm: ({ id, buyer }, payment) =>
    ok(
      api.POST('/api/v1/back-office/invoices/{company}/{invoice}/payments', {
        params: { path: { company: buyer.company, invoice: id } },
        body: payment,
      }),
    ),
  cancel: ({ id, buyer }) =>
    ok(
      api.POST('/api/v1/back-office/invoices/{company}/{invoice}/cancel', {
        params: { path: { company: buyer.company, invoice: id } },
      }),
    ),
  pdf: ({ id, buyer }) => `/api/v1/back-office/invoices/${buyer.company}/${id}/pdf`,
}

export function reseller(company: number): Seller {
  return {
    key: `reseller ${company}`,
    list: (query) =>
      ok(
        api.GET('/api/v1/companies/{company}/dependents/invoices', {
          params: { path: { company }, query },
        }),
      ),
    one: (buyer, invoice) =>
      ok(
        api.GET('/api/v1/companies/{company}/dependents/{dependent}/invoices/{invoice}', {
          params: { path: { company, dependent: buyer, invoice } },
        }),
      ),
    cancel: ({ id, buyer }) =>
      ok(
        api.POST('/api/v1/companies/{company}/dependents/{dependent}/invoices/{invoice}/cancel', {
          params: { path: { company, dependent: buyer.company, invoice: id } },
        }),
      ),
    confirm: ({ id, buyer }, payment) =>
      ok(
        api.POST('/api/v1/companies/{company}/dependents/{dependent}/invoices/{invoice}/payments', {
          params: { path: { company, dependent: buyer.company, invoice: id } },
          body: payment,
        }),
      ),
    pdf: ({ id, buyer }) =>
      `/api/v1/companies/${company}/dependents/${buyer.company}/invoices/${id}/pdf`,
  }
}
