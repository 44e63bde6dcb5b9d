import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

export function companyQuery(company: number) {
  return queryOptions({
    queryKey: ['company', company],
    queryFn: () => ok(api.GET('/api/v1/companies/{company}', { params: { path: { company } } })),
  })
}
