import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { DependentTabs } from '@/ui/DependentTabs'
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
      <DependentTabs on="invoices" />
      <SoldInvoices
        seller={reseller(company.id)}
        link={({ id, number, buyer }) => (
          <Link
            to="/c/$company/dependents/invoices/$buyer/$invoice"
            params={{ company: company.id, buyer: String(buyer.company), invoice: id }}
            className="rowLink"
          >
            {number}
          </Link>
        )}
        search={route.useSearch()}
        onChange={(search, replace) => void navigate({ search, replace })}
      />
    </Page>
  )
}
