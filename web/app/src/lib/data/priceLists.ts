import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { PriceList } from '@/lib/api/types'

export const priceListsQuery = queryOptions({
  queryKey: ['back-office', 'price-lists'],
  queryFn: async (): Promise<PriceList[]> =>
    (await ok(api.GET('/api/v1/back-office/price-lists'))).items,
})

export function priceListQuery(list: string) {
  return queryOptions({
    queryKey: ['back-office', 'price-lists', list],
    queryFn: () =>
      ok(api.GET('/api/v1/back-office/price-lists/{list}', { params: { path: { list } } })),
  })
}
