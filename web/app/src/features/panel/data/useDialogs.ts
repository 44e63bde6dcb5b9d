import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { DialogHead } from '@/lib/api/types'
import type { ListFilter } from '../model/filters'
import {
  type Counts,
  type HeadList,
  withCounted,
  withHead,
  withoutHead,
  withPage,
} from '../model/heads'
import { fetchHeads, panelKeys } from './api'

/** Renewing reads as many pages as were on the screen, within reason. */
const mostRenewed = 300

async function renew(company: number, filter: ListFilter, had: number): Promise<HeadList> {
  let list = await fetchHeads(company, filter)
  while (list.next && list.items.length < Math.min(had, mostRenewed)) {
    const page = await fetchHeads(company, filter, list.next)
    list = withPage(list, page.items, page.next)
  }
  return list
}

/** useDialogs is the left column's list: pages from the server, kept in order by what happens live. */
export function useDialogs(company: number, filter: ListFilter) {
  const client = useQueryClient()
  const key = panelKeys.list(company, filter)
  const [more, setMore] = useState<{ loading: boolean; error: unknown }>({
    loading: false,
    error: null,
  })
  const query = useQuery({
    queryKey: key,
    queryFn: () => {
      const had = client.getQueryData<HeadList>(key)?.items.length ?? 0
      return renew(company, filter, had)
    },
    staleTime: 15_000,
    refetchOnMount: 'always',
    placeholderData: (earlier: HeadList | undefined, query) =>
      (query?.queryKey[3] as ListFilter | undefined)?.view === filter.view ? earlier : undefined,
  })

  const loadMore = async () => {
    const next = client.getQueryData<HeadList>(key)?.next
    if (!next || more.loading) return
    setMore({ loading: true, error: null })
    try {
      const page = await fetchHeads(company, filter, next)
      client.setQueryData<HeadList>(key, (list) => list && withPage(list, page.items, page.next))
      setMore({ loading: false, error: null })
    } catch (error) {
      setMore({ loading: false, error })
    }
  }
  return {
    items: query.data?.items,
    hasMore: query.data?.next != null,
    stale: query.isPlaceholderData,
    error: query.error,
    retry: () => void query.refetch(),
    loadMore: () => void loadMore(),
    loadingMore: more.loading,
    moreError: more.error,
  }
}

function listsOf(
  client: QueryClient,
  company: number,
): [readonly unknown[], ListFilter, HeadList][] {
  return client
    .getQueriesData<HeadList>({ queryKey: panelKeys.lists(company) })
    .flatMap(([key, list]): [readonly unknown[], ListFilter, HeadList][] =>
      list ? [[key, key[3] as ListFilter, list]] : [],
    )
}

/** knownHead finds a dialog in whatever list has it. */
export function knownHead(
  client: QueryClient,
  company: number,
  dialog: string,
): DialogHead | undefined {
  for (const [, , list] of listsOf(client, company)) {
    const found = list.items.find((h) => h.dialog_id === dialog)
    if (found) return found
  }
  return undefined
}

/** applyHead brings one dialog's new state into every list and the tabs' numbers. */
export function applyHead(
  client: QueryClient,
  company: number,
  me: number,
  head: DialogHead,
): DialogHead | undefined {
  const before = knownHead(client, company, head.dialog_id)
  client.setQueryData<Counts>(
    panelKeys.counts(company),
    (counts) => counts && withCounted(counts, before, head, me),
  )
  for (const [key, filter, list] of listsOf(client, company)) {
    const next = withHead(list, head, filter, me)
    if (next !== list) client.setQueryData(key, next)
  }
  return before
}

/** dropHead takes a dialog out of the lists it has left: it is another operator's now. */
export function dropHead(client: QueryClient, company: number, dialog: string): void {
  for (const [key, filter, list] of listsOf(client, company)) {
    if (filter.view === 'mine' || filter.view === 'queue') {
      client.setQueryData(key, withoutHead(list, dialog))
    }
  }
}
