import { useTranslation } from 'react-i18next'
import { useSession } from '@/lib/session/session'
import { TabLinks } from '@/ui/TabLinks'

const sections = {
  settings: '/c/$company/settings',
  audit: '/c/$company/settings/audit-trail',
} as const
type Section = keyof typeof sections

/** CompanySections joins the pages about the company itself. */
export function CompanySections({ on }: { on: Section }) {
  const { t } = useTranslation('account')
  const { company, may } = useSession()
  if (!may('audit.view')) return null
  return (
    <TabLinks
      label={t('account:company.title')}
      tabs={(Object.keys(sections) as Section[]).map((key) => ({
        key,
        label: t(`account:company.${key}`),
        on: key === on,
        link: { to: sections[key], params: { company: company.id } },
      }))}
    />
  )
}
