import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { TabLinks } from '@/ui/TabLinks'

const sections = {
  information: { to: '/c/$company/settings/information', permission: 'company.details' },
  settings: { to: '/c/$company/settings', permission: 'company.manage' },
  audit: { to: '/c/$company/settings/audit-trail', permission: 'audit.view' },
} as const
type Section = keyof typeof sections

/** CompanySections joins the pages about the company itself. */
export function CompanySections({ on }: { on: Section }) {
  const { t } = useTranslation('account')
  const { company, may } = useSession()
  const shown = (Object.keys(sections) as Section[]).filter((key) => may(sections[key].permission))
  if (shown.length < 2) return null
  return (
    <TabLinks
      label={t('account:company.title')}
      tabs={shown.map((key) => ({
        key,
        label: t(`account:company.${key}`),
        on: key === on,
        link: { to: sections[key].to, params: { company: company.id } },
      }))}
    />
  )
}
