import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

/** paperImagesQuery is the stamp and the signature that a seller's invoices bear. */
export function paperImagesQuery(company: number) {
  return queryOptions({
    queryKey: ['company', company, 'paper-images'],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/paper-images', { params: { path: { company } } })),
  })
}
