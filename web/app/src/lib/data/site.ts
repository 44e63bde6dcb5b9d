import type { Language } from '@parley/shared/text'
import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

/** siteQuery is in whose name the pages for strangers stand. */
export const siteQuery = queryOptions({
  queryKey: ['site'],
  staleTime: 60_000,
  queryFn: () => ok(api.GET('/api/v1/site')),
})

/** legalQuery is what people agree to, in one language. */
export function legalQuery(language: Language) {
  return queryOptions({
    queryKey: ['legal-texts', language],
    staleTime: 60_000,
    queryFn: () => ok(api.GET('/api/v1/legal-texts', { params: { query: { language } } })),
  })
}

/** legalVersionsQuery is every version of the texts that people agree to, newest first within a kind. */
export const legalVersionsQuery = queryOptions({
  queryKey: ['back-office', 'legal-texts'],
  queryFn: () => ok(api.GET('/api/v1/back-office/legal-texts')),
})
