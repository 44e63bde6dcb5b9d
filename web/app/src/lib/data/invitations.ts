import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

/** invitationsQuery is who was asked to join a company and has not answered. */
export function invitationsQuery(company: number) {
  return queryOptions({
    queryKey: ['company', company, 'invitations'],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/invitations', { params: { path: { company } } })),
  })
}
