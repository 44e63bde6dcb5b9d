import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

/** informationQuery is what a company says of itself, and what is missing of it. */
export function informationQuery(company: number) {
  return queryOptions({
    queryKey: ['company', company, 'information'],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/information', { params: { path: { company } } })),
  })
}
