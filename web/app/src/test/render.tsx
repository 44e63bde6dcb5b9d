import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from '@tanstack/react-router'
import { render } from '@testing-library/react'
import { type ReactNode, Suspense } from 'react'
import { parseSearch, stringifySearch } from '@/lib/search'

/** show renders a component on a page of its own, with a second page to leave to. */
export async function show(element: ReactNode) {
  const root = createRootRoute()
  const here = createRoute({ getParentRoute: () => root, path: '/', component: () => element })
  const there = createRoute({
    getParentRoute: () => root,
    path: '/there',
    component: () => <p>there</p>,
  })
  const router = createRouter({
    routeTree: root.addChildren([here, there]),
    history: createMemoryHistory({ initialEntries: ['/'] }),
    parseSearch,
    stringifySearch,
  })
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } })
  const view = render(
    <MantineProvider env="test">
      <QueryClientProvider client={client}>
        <Suspense fallback={<p>waiting</p>}>
          <RouterProvider router={router as never} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>,
  )
  await router.load()
  /** leave goes to the other page, as a link would. */
  const leave = () => router.navigate({ to: '/there' } as never)
  return { ...view, router, client, leave }
}
