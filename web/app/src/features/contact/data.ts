import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

/** listQuery is one contact list. */
export const listQuery = (company: number, list: string) =>
  queryOptions({
    queryKey: ['contact-lists', company, list],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/contact-lists/{list}', {
          params: { path: { company, list } },
        }),
      ),
  })

/** importQuery is one import; while it runs its progress is read every second. */
export const importQuery = (company: number, id: string) =>
  queryOptions({
    queryKey: ['contact-imports', company, id],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/contact-imports/{import}', {
          params: { path: { company, import: id } },
        }),
      ),
    refetchInterval: (query) => (query.state.data?.state === 'running' ? 1_000 : false),
  })
