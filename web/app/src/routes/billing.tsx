import { createRoute } from '@tanstack/react-router'
import { readSearch, readSoldSearch } from '@/features/billing/search'
import { companyRoute } from './company'
import { page } from './page'

const invoicesRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'statistics/invoices',
  validateSearch: readSearch,
  component: page(() => import('@/features/billing/InvoicesPage'), 'InvoicesPage'),
})

const invoiceRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'statistics/invoices/$invoice',
  component: page(() => import('@/features/billing/InvoicePage'), 'InvoicePage'),
})

const lineRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'statistics/invoices/$invoice/lines/$line',
  component: page(() => import('@/features/billing/LinePage'), 'LinePage'),
})

const backOfficeRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/invoices',
  validateSearch: readSoldSearch,
  component: page(
    () => import('@/features/billing/BackOfficeInvoicesPage'),
    'BackOfficeInvoicesPage',
  ),
})

const dependentsRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'dependents/invoices',
  validateSearch: readSoldSearch,
  component: page(
    () => import('@/features/billing/DependentInvoicesPage'),
    'DependentInvoicesPage',
  ),
})

const backOfficeInvoiceRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'back-office/invoices/$buyer/$invoice',
  component: page(() => import('@/features/billing/SoldInvoicePages'), 'BackOfficeInvoicePage'),
})

const dependentInvoiceRoute = createRoute({
  getParentRoute: () => companyRoute,
  path: 'dependents/invoices/$buyer/$invoice',
  component: page(() => import('@/features/billing/SoldInvoicePages'), 'DependentInvoicePage'),
})

/** billingRoutes are the pages of a company's invoices, and those of a seller. */
export const billingRoutes = [
  invoicesRoute,
  invoiceRoute,
  lineRoute,
  backOfficeRoute,
  dependentsRoute,
  backOfficeInvoiceRoute,
  dependentInvoiceRoute,
] as const
