import {
  type InfiniteData,
  queryOptions,
  useInfiniteQuery,
  useMutation,
  useQueryClient,
} from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Notices } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { toastProblem } from '@/ui/toast'
import { withRead } from './model'

const path = '/api/v1/companies/{company}/notices'

async function noticesPage(company: number, cursor?: string): Promise<Notices> {
  return await ok(api.GET(path, { params: { path: { company }, query: { cursor, limit: 20 } } }))
}

/** noticesKey begins all that is kept of a company's notices. */
export function noticesKey(company: number) {
  return ['notices', company]
}

/** noticesQuery is the first page, which also knows how many are unread and what is pinned. */
export function noticesQuery(company: number) {
  return queryOptions({
    queryKey: [...noticesKey(company), 'first'],
    queryFn: () => noticesPage(company),
  })
}

/** useNoticePages reads on from the first page as far as someone asks. */
export function useNoticePages() {
  const { company } = useSession()
  const client = useQueryClient()
  return useInfiniteQuery({
    queryKey: [...noticesKey(company.id), 'pages'],
    queryFn: ({ pageParam }) => noticesPage(company.id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: () => {
      const first = client.getQueryData(noticesQuery(company.id).queryKey)
      return first && { pages: [first], pageParams: [undefined] }
    },
  })
}

/** useRead marks notices as read, on the screen at once; other tabs hear of it from the server. */
export function useRead() {
  const { t } = useTranslation()
  const { company } = useSession()
  const client = useQueryClient()
  const queryKey = noticesKey(company.id)
  const { mutate } = useMutation({
    mutationFn: (ids: string[] | 'all') =>
      ok(
        api.POST(`${path}/read`, {
          params: { path: { company: company.id } },
          body: ids === 'all' ? { all: true } : { ids },
        }),
      ),
    onMutate: async (ids) => {
      await client.cancelQueries({ queryKey })
      client.setQueryData(noticesQuery(company.id).queryKey, (old) => old && withRead(old, ids))
      client.setQueryData<InfiniteData<Notices>>(
        [...queryKey, 'pages'],
        (old) => old && { ...old, pages: old.pages.map((page) => withRead(page, ids)) },
      )
    },
    onError: (error) => toastProblem(t, error),
    onSettled: () => client.invalidateQueries({ queryKey }),
  })
  return mutate
}
