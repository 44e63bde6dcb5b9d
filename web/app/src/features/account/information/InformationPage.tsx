import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { lazy, Suspense, useState } from 'react'
import { informationQuery } from '@/lib/data/information'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { toastGood } from '@/ui/toast'
import { CompanySections } from '../CompanySections'
import { InformationForm } from './InformationForm'
import { NewUser } from './NewUser'

const PaperImages = lazy(() =>
  import('./PaperImages').then((module) => ({ default: module.PaperImages })),
)

const route = getRouteApi('/c/$company/settings/information')

/** InformationPage is what the company says of itself, for its papers. */
export function InformationPage() {
  const { t } = useTranslation('company')
  const { company, may } = useSession()
  const { field } = route.useSearch()
  const [reloads, setReloads] = useState(0)
  const { data, error, refetch } = useQuery(informationQuery(company.id))
  return (
    <Page
      width="form"
      title={t('company:title')}
      lead={<CopyId id={company.id} label={`ID ${company.id}`} />}
    >
      <CompanySections on="information" />
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <InformationForm
          key={reloads}
          information={data}
          start={field}
          onReload={() => void refetch().then(() => setReloads(reloads + 1))}
          onSaved={(saved) => saved.missing.length === 0 && toastGood(t('company:complete'))}
        />
      ) : (
        <FormSkeleton fields={6} />
      )}
      {data && company.kind !== 'company' && may('company.details') && (
        <Suspense fallback={<FormSkeleton fields={1} />}>
          <PaperImages />
        </Suspense>
      )}
      {data && may('users.manage') && <NewUser />}
    </Page>
  )
}
