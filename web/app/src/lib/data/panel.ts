import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

export function countsQuery(company: number) {
  return queryOptions({
    queryKey: ['dialogs', company, 'counts'],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/dialogs/counts', { params: { path: { company } } })),
  })
}

export function panelFiguresQuery(company: number) {
  return queryOptions({
    queryKey: ['panel-figures', company],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/panel-figures', { params: { path: { company } } })),
  })
}

export function operatorsQuery(company: number) {
  return queryOptions({
    queryKey: ['operators', company],
    queryFn: () =>
      ok(api.GET('/api/v1/companies/{company}/operators', { params: { path: { company } } })),
  })
}
