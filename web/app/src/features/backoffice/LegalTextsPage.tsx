import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { legalVersionsQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { ErrorState } from '@/ui/ErrorState'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { TabLinks } from '@/ui/TabLinks'
import { LegalEditor } from './LegalEditor'
import { LegalVersions } from './LegalVersions'

const route = getRouteApi('/c/$company/back-office/legal-texts')
const kinds = ['terms', 'privacy'] as const

/** LegalTextsPage is where the platform publishes what people agree to. */
export function LegalTextsPage() {
  const { t } = useTranslation('backoffice')
  const { company } = useSession()
  const { kind = 'terms' } = route.useSearch()
  const { data, error, refetch } = useQuery(legalVersionsQuery)
  const versions = data?.items.filter((version) => version.kind === kind)
  const current = versions?.[0]
  return (
    <Page width="wide" title={t('backoffice:legal.title')} lead={t('backoffice:legal.lead')}>
      <BackOfficeTabs on="legalTexts" />
      <TabLinks
        label={t('backoffice:legal.title')}
        tabs={kinds.map((key) => ({
          key,
          label: t(`backoffice:legal.kind.${key}`),
          on: key === kind,
          link: {
            to: '/c/$company/back-office/legal-texts',
            params: { company: company.id },
            search: key === 'terms' ? {} : { kind: key },
          },
        }))}
      />
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : current ? (
        <>
          <LegalEditor key={`${kind} ${current.version}`} current={current} />
          <LegalVersions versions={versions ?? []} />
        </>
      ) : (
        <FormSkeleton fields={3} />
      )}
    </Page>
  )
}
