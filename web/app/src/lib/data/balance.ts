import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { useRealtime, useReconnected } from '@/lib/realtime/realtime'
import { useSession } from '@/lib/session/session'

export function balanceQuery(company: number) {
  return queryOptions({
    queryKey: ['balance', company],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/balance', { params: { path: { company } } })),
  })
}

/** useBalance follows the company's balance live; it asks nothing when the role may not see it. */
export function useBalance() {
  const { company, may } = useSession()
  const client = useQueryClient()
  const options = balanceQuery(company.id)
  useRealtime('balance', (event) => {
    client.setQueryData(
      options.queryKey,
      (old) =>
        old && {
          ...old,
          balance: event.balance,
          available: event.available,
          suspended: event.suspended ?? old.suspended,
        },
    )
  })
  useReconnected(() => void client.invalidateQueries({ queryKey: options.queryKey }))
  return useQuery({ ...options, enabled: may('balance.view') })
}
