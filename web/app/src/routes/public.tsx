import { createRoute, lazyRouteComponent, redirect } from '@tanstack/react-router'
import { word } from '@/lib/search'
import { landingPath, safeReturn } from '@/lib/session/landing'
import { homeCompany, membershipOf, meQuery } from '@/lib/session/session'
import { page } from './page'
import { rootRoute } from './root'

export const welcomeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/',
  beforeLoad: async ({ context }) => {
    const me = await context.queryClient.ensureQueryData(meQuery).catch(() => null)
    const company = me ? homeCompany(me) : undefined
    const membership = me && company ? membershipOf(me, company) : undefined
    if (membership) throw redirect({ href: landingPath(membership), replace: true })
  },
  component: lazyRouteComponent(() => import('@/features/account/WelcomePage'), 'WelcomePage'),
})

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string } => ({ to: word(search.to) }),
  beforeLoad: async ({ context, search }) => {
    const me = await context.queryClient.ensureQueryData(meQuery).catch(() => null)
    const company = me ? homeCompany(me) : undefined
    const membership = me && company ? membershipOf(me, company) : undefined
    if (membership)
      throw redirect({ href: safeReturn(search.to) ?? landingPath(membership), replace: true })
  },
  component: lazyRouteComponent(() => import('@/features/account/SignInPage'), 'SignInPage'),
})

export const referenceRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'api-reference',
  component: page(() => import('@/features/reference/ReferencePage'), 'ReferencePage'),
})
