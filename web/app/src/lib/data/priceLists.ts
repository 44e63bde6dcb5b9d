import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { PriceList } from '@/lib/api/types'
import { everyPage } from './everyPage'

export const priceListsQuery = queryOptions({
  queryKey: ['back-office', 'price-lists'],
  queryFn: () =>
    everyPage<PriceList>((cursor) =>
      ok(api.GET('/api/v1/back-office/price-lists', { params: { query: { cursor, limit: 100 } } })),
    ),
})

export function priceListQuery(list: string) {
  return queryOptions({
    queryKey: ['back-office', 'price-lists', list],
    queryFn: () =>
      ok(api.GET('/api/v1/back-office/price-lists/{list}', { params: { path: { list } } })),
  })
}
