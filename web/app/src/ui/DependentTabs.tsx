import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { TabLinks } from './TabLinks'

const sections = {
  invoices: '/c/$company/dependents/invoices',
  priceLists: '/c/$company/dependents/price-lists',
} as const

type Section = keyof typeof sections

/** DependentTabs joins a reseller's pages about its companies. */
export function DependentTabs({ on }: { on: Section }) {
  const { t } = useTranslation()
  const { company } = useSession()
  return (
    <TabLinks
      label={t('ui:dependents.title')}
      tabs={(Object.keys(sections) as Section[]).map((key) => ({
        key,
        label: t(`ui:backOffice.${key}`),
        on: key === on,
        link: { to: sections[key], params: { company: company.id } },
      }))}
    />
  )
}
