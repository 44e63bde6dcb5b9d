import { IconMapOff } from '@tabler/icons-react'
import { useTranslation } from '@/lib/i18n/i18n'
import { Empty } from '@/ui/Empty'
import { ButtonLink } from '@/ui/links'
import { usePageTitle } from '@/ui/Page'

/** LostPage stands where no page is, and where one has no access: the two look the same on purpose. */
export function LostPage() {
  const { t } = useTranslation('account')
  usePageTitle(t('account:lost.title'))
  return (
    <main>
      <Empty
        picture={<IconMapOff />}
        title={t('account:lost.title')}
        heading="h1"
        text={t('account:lost.text')}
        action={<ButtonLink to="/">{t('account:lost.action')}</ButtonLink>}
      />
    </main>
  )
}
