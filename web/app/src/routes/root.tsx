import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, lazyRouteComponent, Outlet } from '@tanstack/react-router'

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  notFoundComponent: lazyRouteComponent(() => import('@/features/account/LostPage'), 'LostPage'),
  errorComponent: lazyRouteComponent(() => import('@/features/account/BrokenPage'), 'BrokenPage'),
})
