import { createRoute, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router'
import { landingPath } from '@/lib/session/landing'
import { membershipOf, meQuery } from '@/lib/session/session'
import { rootRoute } from './root'

/** companyRoute is the frame around every page of a company; without a sign-in it leads to one and back. */
export const companyRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'c/$company',
  params: {
    parse: ({ company }) => ({ company: Number(company) }),
    stringify: ({ company }) => ({ company: String(company) }),
  },
  beforeLoad: async ({ context, location, params }) => {
    const me = await context.queryClient.ensureQueryData(meQuery)
    if (!me) throw redirect({ to: '/sign-in', search: { to: location.href }, replace: true })
    if (!membershipOf(me, params.company)) throw notFound()
  },
  component: lazyRouteComponent(() => import('./Cabinet'), 'Cabinet'),
})

export const cabinetRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: '/',
  beforeLoad: ({ context, params }) => {
    const me = context.queryClient.getQueryData(meQuery.queryKey)
    const membership = me && membershipOf(me, params.company)
    const landing = membership && landingPath(membership)
    if (landing && landing !== `/c/${params.company}`)
      throw redirect({ href: landing, replace: true })
  },
  component: lazyRouteComponent(() => import('@/features/home/HomePage'), 'HomePage'),
})
