import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'

interface PageOf<T> {
  items: T[] | null
  next_cursor?: string | null
}

export interface ListState<T> {
  /** undefined while the first page is on its way. */
  rows: T[] | undefined
  error: unknown
  retry: () => void
  hasMore: boolean
  loadMore: () => void
  loadingMore: boolean
  /** True while rows of an earlier filter are still shown. */
  stale: boolean
}

/** useList reads a keyset-paged list; rows of the earlier filter stay until the new ones are there. */
export function useList<T>(
  key: readonly unknown[],
  page: (cursor: string | undefined) => Promise<PageOf<T>>,
  options: { enabled?: boolean } = {},
): ListState<T> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => page(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
  })
  return {
    rows: query.data?.pages.flatMap((p) => p.items ?? []),
    error: query.error,
    retry: () => void query.refetch(),
    hasMore: query.hasNextPage,
    loadMore: () => void query.fetchNextPage(),
    loadingMore: query.isFetchingNextPage,
    stale: query.isPlaceholderData,
  }
}
