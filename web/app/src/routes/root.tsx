import type { QueryClient } from '@tanstack/react-query'
import { createRootRouteWithContext, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { Waiting } from '@/ui/Waiting'

export const rootRoute = createRootRouteWithContext<{ queryClient: QueryClient }>()({
  component: Outlet,
  pendingComponent: Waiting,
  notFoundComponent: lazyRouteComponent(() => import('@/features/account/LostPage'), 'LostPage'),
  errorComponent: lazyRouteComponent(() => import('@/features/account/BrokenPage'), 'BrokenPage'),
})
