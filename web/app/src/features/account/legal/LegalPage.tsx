import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { legalQuery } from '@/lib/data/site'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { ErrorState } from '@/ui/ErrorState'
import { Paragraphs } from '@/ui/Paragraphs'
import { FormSkeleton } from '@/ui/Skeletons'
import { PublicPage } from '../PublicPage'

const route = getRouteApi('/legal/$kind')

/** LegalPage is a text that people agree to, in the version in force. */
export function LegalPage() {
  const { t } = useTranslation('signup')
  const { kind } = route.useParams()
  const { data, error, refetch } = useQuery(legalQuery(useLanguage()))
  const text = data?.[kind]
  return (
    <PublicPage
      width="wide"
      title={text?.title ?? t(`signup:legal.${kind}`)}
      lead={text && t('signup:legal.version', { version: text.version })}
    >
      {text ? (
        <Paragraphs text={text.body} />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <FormSkeleton />
      )}
    </PublicPage>
  )
}
