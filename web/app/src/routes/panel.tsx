import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { companyRoute } from './company'

export const panelRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'panel',
  component: lazyRouteComponent(() => import('@/features/panel/PanelPage'), 'PanelPage'),
})
