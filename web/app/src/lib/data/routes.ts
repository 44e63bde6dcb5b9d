import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'

/** routesQuery is how letters and SMS leave the installation, and how that goes just now. */
export const routesQuery = queryOptions({
  queryKey: ['back-office', 'routes'],
  refetchInterval: 5_000,
  queryFn: () => ok(api.GET('/api/v1/back-office/routes')),
})
