import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { CompanyUser } from '@/lib/api/types'
import { everyPage } from './everyPage'

export function usersQuery(company: number) {
  return queryOptions({
    queryKey: ['users', company, 'all'],
    queryFn: () =>
      everyPage<CompanyUser>((cursor) =>
        ok(
          api.GET('/api/v1/companies/{company}/users', {
            params: { path: { company }, query: { cursor, limit: 100 } },
          }),
        ),
      ),
  })
}
