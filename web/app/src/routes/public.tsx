import { createRoute, lazyRouteComponent, notFound, redirect } from '@tanstack/react-router'
import { oneOf, word } from '@/lib/search'
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

/** What led to the sign-in page, for which it has a word. */
const steps = ['registered', 'check_mail', 'new_password', 'set_up'] as const
type Step = (typeof steps)[number]

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'sign-in',
  validateSearch: (search: Record<string, unknown>): { to?: string; after?: Step } => ({
    to: word(search.to),
    after: oneOf(search.after, steps),
  }),
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

export const signUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'signup',
  validateSearch: (search: Record<string, unknown>): { ref?: string } => ({
    ref: word(search.ref),
  }),
  component: page(() => import('@/features/account/signup/SignUpPage'), 'SignUpPage'),
})

export const recoverRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'recover',
  component: lazyRouteComponent(
    () => import('@/features/account/recovery/RecoverPage'),
    'RecoverPage',
  ),
})

export const confirmEmailRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'confirm-email',
  component: lazyRouteComponent(
    () => import('@/features/account/recovery/ConfirmEmailPage'),
    'ConfirmEmailPage',
  ),
})

export const invitationRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'invitation',
  component: lazyRouteComponent(
    () => import('@/features/account/invitation/InvitationPage'),
    'InvitationPage',
  ),
})

export const legalRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'legal/$kind',
  params: {
    parse: ({ kind }) => {
      const known = oneOf(kind, ['terms', 'privacy'] as const)
      if (!known) throw notFound()
      return { kind: known }
    },
    stringify: ({ kind }) => ({ kind }),
  },
  component: lazyRouteComponent(() => import('@/features/account/legal/LegalPage'), 'LegalPage'),
})

export const setupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: 'setup',
  component: page(() => import('@/features/account/setup/SetupPage'), 'SetupPage'),
})
