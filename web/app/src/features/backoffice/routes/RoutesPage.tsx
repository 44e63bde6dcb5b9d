import { useQuery } from '@tanstack/react-query'
import { routesQuery } from '@/lib/data/routes'
import { useTranslation } from '@/lib/i18n/i18n'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { ErrorState } from '@/ui/ErrorState'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { RouteCard } from './RouteCard'

/** RoutesPage is how letters and SMS leave the installation: seen, changed and tried. */
export function RoutesPage() {
  const { t } = useTranslation('routes')
  const { data, error, refetch } = useQuery(routesQuery)
  return (
    <Page width="form" title={t('routes:title')} lead={t('routes:lead')}>
      <BackOfficeTabs on="routes" />
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <>
          <RouteCard kind="mail" route={data.mail} />
          <RouteCard kind="sms" route={data.sms} />
        </>
      ) : (
        <FormSkeleton fields={4} />
      )}
    </Page>
  )
}
