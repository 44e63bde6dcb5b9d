import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { TabLinks } from './TabLinks'

const sections = {
  campaigns: '/c/$company/campaigns',
  messages: '/c/$company/campaigns/messages',
} as const

type Section = keyof typeof sections

/** CampaignTabs joins what was sent to many with all that was sent. */
export function CampaignTabs({ on }: { on: Section }) {
  const { t } = useTranslation('text')
  const { company } = useSession()
  return (
    <TabLinks
      label={t('text:sections.label')}
      tabs={(Object.keys(sections) as Section[]).map((key) => ({
        key,
        on: key === on,
        label: t(`text:sections.${key}`),
        link: { to: sections[key], params: { company: company.id } },
      }))}
    />
  )
}
