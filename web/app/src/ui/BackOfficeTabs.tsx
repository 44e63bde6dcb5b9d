import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { TabLinks } from './TabLinks'

const sections = {
  companies: { to: '/c/$company/back-office/companies', permission: 'platform.companies' },
  invoices: { to: '/c/$company/back-office/invoices', permission: 'platform.deposits' },
  legalTexts: { to: '/c/$company/back-office/legal-texts', permission: 'platform.texts' },
  letters: { to: '/c/$company/back-office/letters', permission: 'platform.companies' },
  routes: { to: '/c/$company/back-office/routes', permission: 'platform.companies' },
  gateways: { to: '/c/$company/back-office/gateways', permission: 'platform.gateways' },
  priceLists: { to: '/c/$company/back-office/price-lists', permission: 'platform.prices' },
  numberPlans: { to: '/c/$company/back-office/number-plans', permission: 'platform.prices' },
} as const

type Section = keyof typeof sections

/** BackOfficeTabs joins the pages of the platform's own people. */
export function BackOfficeTabs({ on }: { on: Section }) {
  const { t } = useTranslation()
  const { company, may } = useSession()
  const shown = (Object.keys(sections) as Section[]).filter((key) => may(sections[key].permission))
  return (
    <TabLinks
      label={t('ui:backOffice.title')}
      tabs={shown.map((key) => ({
        key,
        label: t(`ui:backOffice.${key}`),
        on: key === on,
        link: { to: sections[key].to, params: { company: company.id } },
      }))}
    />
  )
}
