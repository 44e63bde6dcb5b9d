import { createRoute } from '@tanstack/react-router'
import { moment, oneOf, word } from '@/lib/search'
import { companyRoute } from './company'
import { page } from './page'

type Search = Record<string, unknown>

const chatTabs = ['general', 'code', 'sharing', 'texts', 'results', 'look'] as const
const acts = ['deposit', 'limit', 'prices', 'hosts'] as const
const kinds = ['deposit', 'charge', 'refund', 'adjustment'] as const

export const chatsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'chats',
  validateSearch: (search: Search): { q?: string; state?: 'archived' } => ({
    q: word(search.q),
    state: oneOf(search.state, ['archived']),
  }),
  component: page(() => import('@/features/chat/ChatsPage'), 'ChatsPage'),
})

export const newChatRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'chats/new',
  component: page(() => import('@/features/chat/NewChatPage'), 'NewChatPage'),
})

export const chatRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'chats/$chat',
  validateSearch: (search: Search): { tab?: (typeof chatTabs)[number] } => ({
    tab: oneOf(search.tab, chatTabs),
  }),
  component: page(() => import('@/features/chat/ChatPage'), 'ChatPage'),
})

export const groupsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'chats/groups',
  validateSearch: (search: Search): { q?: string } => ({ q: word(search.q) }),
  component: page(() => import('@/features/chat/GroupsPage'), 'GroupsPage'),
})

export const groupRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'chats/groups/$group',
  component: page(() => import('@/features/chat/GroupPage'), 'GroupPage'),
})

export const quickRepliesRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'chats/quick-replies',
  validateSearch: (search: Search): { q?: string; open?: string } => ({
    q: word(search.q),
    open: word(search.open),
  }),
  component: page(() => import('@/features/chat/QuickRepliesPage'), 'QuickRepliesPage'),
})

export const usersRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'users',
  validateSearch: (search: Search): { q?: string; open?: string } => ({
    q: word(search.q),
    open: word(search.open),
  }),
  component: page(() => import('@/features/account/UsersPage'), 'UsersPage'),
})

export const accountRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'account',
  validateSearch: (
    search: Search,
  ): { kind?: (typeof kinds)[number]; from?: string; to?: string } => ({
    kind: oneOf(search.kind, kinds),
    from: moment(search.from),
    to: moment(search.to),
  }),
  component: page(() => import('@/features/ledger/AccountPage'), 'AccountPage'),
})

export const entryRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'account/$entry',
  component: page(() => import('@/features/ledger/EntryPage'), 'EntryPage'),
})

export const settingsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'settings',
  component: page(() => import('@/features/account/SettingsPage'), 'SettingsPage'),
})

export const informationRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'settings/information',
  validateSearch: (search: Search): { field?: string } => ({ field: word(search.field) }),
  component: page(
    () => import('@/features/account/information/InformationPage'),
    'InformationPage',
  ),
})

export const auditRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'settings/audit-trail',
  validateSearch: (search: Search): { q?: string; from?: string; to?: string } => ({
    q: word(search.q),
    from: moment(search.from),
    to: moment(search.to),
  }),
  component: page(() => import('@/features/account/AuditPage'), 'AuditPage'),
})

export const companiesRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/companies',
  validateSearch: (search: Search): { q?: string; open?: string; act?: (typeof acts)[number] } => ({
    q: word(search.q),
    open: word(search.open),
    act: oneOf(search.act, acts),
  }),
  component: page(() => import('@/features/backoffice/CompaniesPage'), 'CompaniesPage'),
})

export const priceListsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/price-lists',
  validateSearch: (search: Search): { open?: 'new' } => ({ open: oneOf(search.open, ['new']) }),
  component: page(() => import('@/features/pricing/PriceListsPage'), 'PriceListsPage'),
})

export const priceListRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/price-lists/$list',
  component: page(() => import('@/features/pricing/PriceListPage'), 'PriceListPage'),
})

export const dependentPriceListsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'dependents/price-lists',
  validateSearch: (search: Search): { open?: 'new' } => ({ open: oneOf(search.open, ['new']) }),
  component: page(() => import('@/features/pricing/PriceListsPage'), 'PriceListsPage'),
})

export const dependentPriceListRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'dependents/price-lists/$list',
  component: page(() => import('@/features/pricing/PriceListPage'), 'PriceListPage'),
})

export const numberPlansRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/number-plans',
  component: page(() => import('@/features/pricing/NumberPlansPage'), 'NumberPlansPage'),
})

export const ownPricesRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'account/prices',
  component: page(() => import('@/features/pricing/OwnPricesPage'), 'OwnPricesPage'),
})

export const legalTextsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/legal-texts',
  validateSearch: (search: Search): { kind?: 'privacy' } => ({
    kind: oneOf(search.kind, ['privacy']),
  }),
  component: page(() => import('@/features/backoffice/LegalTextsPage'), 'LegalTextsPage'),
})

export const lettersRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/letters',
  validateSearch: (search: Search): { kind?: string; language?: 'ru' | 'en'; format?: 'text' } => ({
    kind: word(search.kind),
    language: oneOf(search.language, ['ru', 'en'] as const),
    format: oneOf(search.format, ['text']),
  }),
  component: page(() => import('@/features/backoffice/LettersPage'), 'LettersPage'),
})

export const routesRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/routes',
  component: page(() => import('@/features/backoffice/routes/RoutesPage'), 'RoutesPage'),
})
