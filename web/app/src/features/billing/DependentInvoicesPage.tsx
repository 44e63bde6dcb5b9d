import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Page } from '@/ui/Page'
import { SoldInvoices } from './SoldInvoices'
import { reseller } from './seller'

const route = getRouteApi('/c/$company/dependents/invoices')

/** DependentInvoicesPage lists what a reseller has issued to its companies. */
export function DependentInvoicesPage() {
  const { t } = useTranslation('billing')
  const { company } = useSession()
  const navigate = route.useNavigate()
  return (
    <Page title={t('billing:sold.title')} lead={t('billing:sold.reseller')}>
      <SoldInvoices
        seller={reseller(company.id)}
        search={route.useSearch()}
        onChange={(search, replace) => void navigate({ search, replace })}
      />
    </Page>
  )
}
