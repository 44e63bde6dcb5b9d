import { QueryClient } from '@tanstack/react-query'
import { createRouter } from '@tanstack/react-router'
import { asApiError } from '@/lib/api/error'
import { parseSearch, stringifySearch } from '@/lib/search'
import { billingRoutes } from './billing'
import { cabinetRoute, companyRoute } from './company'
import { contactRoutes } from './contact'
import {
  accountRoute,
  auditRoute,
  chatRoute,
  chatsRoute,
  companiesRoute,
  dependentPriceListRoute,
  dependentPriceListsRoute,
  entryRoute,
  groupRoute,
  groupsRoute,
  informationRoute,
  legalTextsRoute,
  lettersRoute,
  newChatRoute,
  numberPlansRoute,
  ownPricesRoute,
  priceListRoute,
  priceListsRoute,
  quickRepliesRoute,
  routesRoute,
  settingsRoute,
  usersRoute,
} from './pages'
import { messageRoute, panelRoute } from './panel'
import {
  confirmEmailRoute,
  invitationRoute,
  legalRoute,
  recoverRoute,
  referenceRoute,
  setupRoute,
  signInRoute,
  signUpRoute,
  welcomeRoute,
} from './public'
import { rootRoute } from './root'
import { textingRoutes } from './texting'

/** Only what may pass by itself is tried again: a refusal stays a refusal. */
function worthRetrying(failures: number, error: unknown): boolean {
  const { status } = asApiError(error)
  return failures < 2 && (status === 0 || status >= 500)
}

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: worthRetrying,
      retryDelay: (failures) => 400 * 2 ** failures,
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

const routeTree = rootRoute.addChildren([
  welcomeRoute,
  signInRoute,
  signUpRoute,
  recoverRoute,
  confirmEmailRoute,
  invitationRoute,
  legalRoute,
  setupRoute,
  referenceRoute,
  companyRoute.addChildren([
    cabinetRoute,
    panelRoute,
    messageRoute,
    chatsRoute,
    newChatRoute,
    chatRoute,
    groupsRoute,
    groupRoute,
    quickRepliesRoute,
    usersRoute,
    accountRoute,
    entryRoute,
    informationRoute,
    settingsRoute,
    auditRoute,
    companiesRoute,
    legalTextsRoute,
    lettersRoute,
    routesRoute,
    priceListsRoute,
    priceListRoute,
    dependentPriceListsRoute,
    dependentPriceListRoute,
    ownPricesRoute,
    numberPlansRoute,
    ...billingRoutes,
    ...textingRoutes,
    ...contactRoutes,
  ]),
])

export const router = createRouter({
  routeTree,
  context: { queryClient },
  parseSearch,
  stringifySearch,
  defaultPreload: 'intent',
  scrollRestoration: true,
  scrollToTopSelectors: ['#content'],
})

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
