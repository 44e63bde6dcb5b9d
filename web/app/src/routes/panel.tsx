import { createRoute } from '@tanstack/react-router'
import { parseSearch } from '@/features/panel/model/search'
import { companyRoute } from './company'
import { page } from './page'

const layoutRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'panel',
  validateSearch: parseSearch,
  component: page(() => import('@/features/panel/PanelPage'), 'PanelPage'),
})

const listRoute = createRoute({ getParentRoute: () => layoutRoute, path: '/' })

const dialogRoute = createRoute({ getParentRoute: () => layoutRoute, path: '$dialog' })

/** A message's own address, which any line that names the message can link to. */
export const messageRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'messages/$message',
  component: page(() => import('@/features/panel/MessagePage'), 'MessagePage'),
})

/** The list stays while dialogs are opened one after another below it. */
export const panelRoute = layoutRoute.addChildren([listRoute, dialogRoute])
