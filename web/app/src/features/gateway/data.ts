import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Gateway } from '@/lib/api/types'

/** gatewaysQuery are the platform's ways to text networks; their health is looked at while the page is open. */
export const gatewaysQuery = queryOptions({
  queryKey: ['back-office', 'gateways'],
  queryFn: async () => (await ok(api.GET('/api/v1/back-office/gateways'))).items,
  refetchInterval: 5_000,
})

export const gatewayRoutesQuery = queryOptions({
  queryKey: ['back-office', 'gateway-routes'],
  queryFn: async () => (await ok(api.GET('/api/v1/back-office/gateway-routes'))).items,
})

export const gatewayChannels: Gateway['channel'][] = ['sms', 'email']
