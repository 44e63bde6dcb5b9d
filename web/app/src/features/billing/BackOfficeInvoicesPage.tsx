import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { Page } from '@/ui/Page'
import { SoldInvoices } from './SoldInvoices'
import { platform } from './seller'

const route = getRouteApi('/c/$company/back-office/invoices')

/** BackOfficeInvoicesPage lists what the platform has issued, for those who see its bank account. */
export function BackOfficeInvoicesPage() {
  const { t } = useTranslation('billing')
  const { company } = useSession()
  const navigate = route.useNavigate()
  return (
    <Page title={t('ui:backOffice.title')} lead={t('billing:sold.platform')}>
      <BackOfficeTabs on="invoices" />
      <SoldInvoices
        seller={platform}
        link={({ id, number, buyer }) => (
          <Link
            to="/c/$company/back-office/invoices/$buyer/$invoice"
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
