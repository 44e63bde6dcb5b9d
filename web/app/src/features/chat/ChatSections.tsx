import type { LinkProps } from '@tanstack/react-router'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { TabLinks } from '@/ui/TabLinks'

const sections = {
  chats: '/c/$company/chats',
  groups: '/c/$company/chats/groups',
  replies: '/c/$company/chats/quick-replies',
} as const

type Section = keyof typeof sections

/** ChatSections joins the three lists that make up the settings of chats. */
export function ChatSections({ on }: { on: Section }) {
  const { t } = useTranslation('chat')
  const { company, may } = useSession()
  const shown = (Object.keys(sections) as Section[]).filter(
    (key) => key !== 'replies' || may('panel.use'),
  )
  const link = (key: Section): LinkProps => ({ to: sections[key], params: { company: company.id } })
  return (
    <TabLinks
      label={t('chat:sections.label')}
      tabs={shown.map((key) => ({
        key,
        link: link(key),
        on: key === on,
        label: t(`chat:sections.${key}`),
      }))}
    />
  )
}
