import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Operator, OperatorState } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { toastProblem } from '@/ui/toast'
import { panelKeys } from './api'

const url = '/api/v1/companies/{company}/operator-state' as const

/** useOwnState is whether one is given dialogs, and the switch for it. */
export function useOwnState() {
  const { t } = useTranslation('panel')
  const { company } = useSession()
  const client = useQueryClient()
  const key = panelKeys.ownState(company.id)
  const params = { path: { company: company.id } }
  const own = useQuery({ queryKey: key, queryFn: () => ok(api.GET(url, { params })) }).data
  const change = useMutation({
    mutationFn: (state: OperatorState) => ok(api.PUT(url, { params, body: { state } })),
    onMutate: (state) => {
      const before = client.getQueryData<Operator>(key)
      client.setQueryData<Operator>(key, (known) => known && { ...known, state })
      return before
    },
    onSuccess: (now) => client.setQueryData(key, now),
    onError: (error, _, before) => {
      client.setQueryData(key, before)
      toastProblem(t, error)
    },
  })
  return { own, change: (state: OperatorState) => change.mutate(state) }
}
