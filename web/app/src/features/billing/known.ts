import type { ListState } from '@/lib/api/useList'

/** known shows rows that are all there already as a list. */
export function known<T>(rows: T[]): ListState<T> {
  return {
    rows,
    error: null,
    retry: () => undefined,
    hasMore: false,
    loadMore: () => undefined,
    loadingMore: false,
    stale: false,
  }
}
