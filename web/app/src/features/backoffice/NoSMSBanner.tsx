import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { siteQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Note } from '@/ui/Note'

/** NoSMSBanner tells the platform's people that phones are confirmed by email until there is a route for SMS. */
export function NoSMSBanner() {
  const { may } = useSession()
  const there = useLocation().pathname.includes('/back-office')
  const { data } = useQuery({ ...siteQuery, enabled: there && may('platform.companies') })
  return there && data?.sms === false ? <Words /> : null
}

function Words() {
  const { t } = useTranslation('backoffice')
  return <Note meaning="warning">{t('backoffice:noSMS')}</Note>
}
