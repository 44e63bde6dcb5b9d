import { createRoute } from '@tanstack/react-router'
import { readExclusionSearch, readListSearch } from '@/features/contact/search'
import { companyRoute } from './company'
import { page } from './page'

const listsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'contact-lists',
  validateSearch: readListSearch,
  component: page(() => import('@/features/contact/ContactListsPage'), 'ContactListsPage'),
})

const exclusionsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'contact-lists/exclusions',
  validateSearch: readExclusionSearch,
  component: page(() => import('@/features/contact/ExclusionsPage'), 'ExclusionsPage'),
})

const listRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'contact-lists/$list',
  validateSearch: readListSearch,
  component: page(() => import('@/features/contact/ContactListPage'), 'ContactListPage'),
})

/** contactRoutes are the pages of contact lists and of who must not be written to. */
export const contactRoutes = [listsRoute, exclusionsRoute, listRoute] as const
