import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { TabLinks } from '@/ui/TabLinks'

const sections = {
  lists: '/c/$company/contact-lists',
  exclusions: '/c/$company/contact-lists/exclusions',
} as const

type Section = keyof typeof sections

/** ContactSections joins the lists with those who must not be written to. */
export function ContactSections({ on }: { on: Section }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  return (
    <TabLinks
      label={t('contact:title')}
      tabs={(Object.keys(sections) as Section[]).map((key) => ({
        key,
        on: key === on,
        label: t(`contact:sections.${key}`),
        link: { to: sections[key], params: { company: company.id } },
      }))}
    />
  )
}
