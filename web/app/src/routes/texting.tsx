import { createRoute } from '@tanstack/react-router'
import { readCampaignSearch, readNewCampaignSearch } from '@/features/campaign/search'
import { readTextSearch } from '@/features/text/search'
import { companyRoute } from './company'
import { page } from './page'

const campaignsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'campaigns',
  validateSearch: readCampaignSearch,
  component: page(() => import('@/features/campaign/CampaignsPage'), 'CampaignsPage'),
})

const newCampaignRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'campaigns/new',
  validateSearch: readNewCampaignSearch,
  component: page(() => import('@/features/campaign/CampaignFormPage'), 'NewCampaignPage'),
})

const campaignRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'campaigns/$campaign',
  component: page(() => import('@/features/campaign/CampaignPage'), 'CampaignPage'),
})

const editCampaignRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'campaigns/$campaign/edit',
  component: page(() => import('@/features/campaign/CampaignFormPage'), 'EditCampaignPage'),
})

const textsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'campaigns/messages',
  validateSearch: readTextSearch,
  component: page(() => import('@/features/text/TextsPage'), 'TextsPage'),
})

const textRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'campaigns/messages/$text',
  component: page(() => import('@/features/text/TextPage'), 'TextPage'),
})

const gatewaysRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/gateways',
  component: page(() => import('@/features/gateway/GatewaysPage'), 'GatewaysPage'),
})

/** textingRoutes are the pages of the text messaging service. */
export const textingRoutes = [
  campaignsRoute,
  newCampaignRoute,
  campaignRoute,
  editCampaignRoute,
  textsRoute,
  textRoute,
  gatewaysRoute,
] as const
