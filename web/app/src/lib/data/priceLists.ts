import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { LineError, Price, PricedItem, PriceList, PriceListVersion } from '@/lib/api/types'

interface NewVersion {
  items: Price[]
  valid_from?: string
  valid_until?: string
  below_cost?: boolean
}

interface Buyers {
  items: { company: number; name: string; valid_from: string }[]
  next_cursor: string | null
}

/** PriceSeller is who sets prices: the platform, or a reseller for its companies. */
export interface PriceSeller {
  /** Keeps the lists of different sellers apart. */
  key: readonly unknown[]
  lists: () => Promise<{ items: PriceList[] }>
  create: (list: { name: string; currency: string }) => Promise<PriceList>
  list: (id: string) => Promise<PriceList>
  version: (id: string, number: number) => Promise<PriceListVersion>
  addVersion: (id: string, version: NewVersion) => Promise<PriceListVersion>
  preview: (id: string, table: string) => Promise<{ items: PricedItem[]; errors: LineError[] }>
  buyers: (id: string, cursor?: string) => Promise<Buyers>
  /** Many companies at once, all or none. */
  /** Prices of one company over those of its list. */
  ownPrices: (buyer: number) => Promise<{ price_list: string | null; versions: PriceListVersion[] }>
  setOwnPrices: (buyer: number, version: NewVersion) => Promise<PriceListVersion>
  assignAll: (buyers: number[], id: string, from?: string) => Promise<unknown>
  csv: (id: string, number: number) => string
}

export const platformPrices: PriceSeller = {
  key: ['back-office', 'price-lists'],
  lists: () => ok(api.GET('/api/v1/back-office/price-lists')),
  create: (body) => ok(api.POST('/api/v1/back-office/price-lists', { body })),
  list: (price_list) =>
    ok(
      api.GET('/api/v1/back-office/price-lists/{price_list}', { params: { path: { price_list } } }),
    ),
  version: (price_list, number) =>
    ok(
      api.GET('/api/v1/back-office/price-lists/{price_list}/versions/{number}', {
        params: { path: { price_list, number } },
      }),
    ),
  addVersion: (price_list, body) =>
    ok(
      api.POST('/api/v1/back-office/price-lists/{price_list}/versions', {
        params: { path: { price_list } },
        body,
      }),
    ),
  preview: (price_list, table) =>
    ok(
      api.POST('/api/v1/back-office/price-lists/{price_list}/preview', {
        params: { path: { price_list } },
        body: { table },
      }),
    ),
  buyers: (price_list, cursor) =>
    ok(
      api.GET('/api/v1/back-office/price-lists/{price_list}/companies', {
        params: { path: { price_list }, query: { cursor } },
      }),
    ),
  ownPrices: (company) =>
    ok(
      api.GET('/api/v1/back-office/companies/{company}/own-prices', {
        params: { path: { company } },
      }),
    ),
  setOwnPrices: (company, body) =>
    ok(
      api.POST('/api/v1/back-office/companies/{company}/own-prices', {
        params: { path: { company } },
        body,
      }),
    ),
  assignAll: (companies, price_list, valid_from) =>
    ok(
      api.POST('/api/v1/back-office/price-lists/{price_list}/companies', {
        params: { path: { price_list } },
        body: { companies, valid_from },
      }),
    ),
  csv: (id, number) => `/api/v1/back-office/price-lists/${id}/versions/${number}/csv`,
}

export function resellerPrices(company: number): PriceSeller {
  return {
    key: ['company', company, 'price-lists'],
    lists: () =>
      ok(api.GET('/api/v1/companies/{company}/price-lists', { params: { path: { company } } })),
    create: (body) =>
      ok(
        api.POST('/api/v1/companies/{company}/price-lists', {
          params: { path: { company } },
          body,
        }),
      ),
    list: (price_list) =>
      ok(
        api.GET('/api/v1/companies/{company}/price-lists/{price_list}', {
          params: { path: { company, price_list } },
        }),
      ),
    version: (price_list, number) =>
      ok(
        api.GET('/api/v1/companies/{company}/price-lists/{price_list}/versions/{number}', {
          params: { path: { company, price_list, number } },
        }),
      ),
    addVersion: (price_list, body) =>
      ok(
        api.POST('/api/v1/companies/{company}/price-lists/{price_list}/versions', {
          params: { path: { company, price_list } },
          body,
        }),
      ),
    preview: (price_list, table) =>
      ok(
        api.POST('/api/v1/companies/{company}/price-lists/{price_list}/preview', {
          params: { path: { company, price_list } },
          body: { table },
        }),
      ),
    buyers: (price_list, cursor) =>
      ok(
        api.GET('/api/v1/companies/{company}/price-lists/{price_list}/companies', {
          params: { path: { company, price_list }, query: { cursor } },
        }),
      ),
    ownPrices: (dependent) =>
      ok(
        api.GET('/api/v1/companies/{company}/dependents/{dependent}/own-prices', {
          params: { path: { company, dependent } },
        }),
      ),
    setOwnPrices: (dependent, body) =>
      ok(
        api.POST('/api/v1/companies/{company}/dependents/{dependent}/own-prices', {
          params: { path: { company, dependent } },
          body,
        }),
      ),
    assignAll: (companies, price_list, valid_from) =>
      ok(
        api.POST('/api/v1/companies/{company}/price-lists/{price_list}/companies', {
          params: { path: { company, price_list } },
          body: { companies, valid_from },
        }),
      ),
    csv: (id, number) => `/api/v1/companies/${company}/price-lists/${id}/versions/${number}/csv`,
  }
}

export function priceListsOf(seller: PriceSeller) {
  return queryOptions({
    queryKey: seller.key,
    queryFn: async (): Promise<PriceList[]> => (await seller.lists()).items,
  })
}

/** priceListsQuery are the platform's own lists. */
export const priceListsQuery = priceListsOf(platformPrices)

export function priceListOf(seller: PriceSeller, id: string) {
  return queryOptions({ queryKey: [...seller.key, id], queryFn: () => seller.list(id) })
}

/** priceVersionOf never changes, so it is read once. */
export function priceVersionOf(seller: PriceSeller, id: string, number: number) {
  return queryOptions({
    queryKey: [...seller.key, id, 'version', number],
    queryFn: () => seller.version(id, number),
  })
}

export function buyersOf(seller: PriceSeller, id: string) {
  return infiniteQueryOptions({
    queryKey: [...seller.key, id, 'companies'],
    queryFn: ({ pageParam }) => seller.buyers(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next_cursor ?? undefined,
  })
}

export function ownPricesOf(company: number) {
  return queryOptions({
    queryKey: ['company', company, 'prices'],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/prices', { params: { path: { company } } })),
  })
}
