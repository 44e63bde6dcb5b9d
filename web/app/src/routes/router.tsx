import { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { homeRoute } from './home'
import { rootRoute } from './root'

export const queryClient = new QueryClient({
  defaultOptions: { queries: { staleTime: 30_000, retry: 1 } },
})

export const router = createRouter({
  routeTree: rootRoute.addChildren([homeRoute]),
  context: { queryClient },
  defaultPreload: 'intent',
  scrollRestoration: true,
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
