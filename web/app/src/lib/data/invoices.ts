import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

/** invoiceTermsQuery is what a company may make an invoice for. */
export function invoiceTermsQuery(company: number) {
  return queryOptions({
    queryKey: ['invoices', company, 'terms'],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/invoice-terms', { params: { path: { company } } })),
  })
}

/** invoiceQuery is one invoice with its lines and payments. */
export function invoiceQuery(company: number, invoice: string) {
  return queryOptions({
    queryKey: ['invoices', company, invoice],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/invoices/{invoice}', {
          params: { path: { company, invoice } },
        }),
      ),
  })
}
