import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { informationQuery } from '@/lib/data/information'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { toastGood } from '@/ui/toast'
import { CompanySections } from '../CompanySections'
import { InformationForm } from './InformationForm'

/** InformationPage is what the company says of itself, for its papers. */
export function InformationPage() {
  const { t } = useTranslation('company')
  const { company } = useSession()
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
          onReload={() => void refetch().then(() => setReloads(reloads + 1))}
          onSaved={(saved) => saved.missing.length === 0 && toastGood(t('company:complete'))}
        />
      ) : (
        <FormSkeleton fields={6} />
      )}
    </Page>
  )
}
