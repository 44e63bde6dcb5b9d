import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { panelKeys } from './api'

/** moneyQuery is what a message cost and why. */
export function moneyQuery(company: number, message: string) {
  return queryOptions({
    queryKey: panelKeys.money(company, message),
    retry: false,
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/messages/{message}/money', {
          params: { path: { company, message } },
        }),
      ),
  })
}
