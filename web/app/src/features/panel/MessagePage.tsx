import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Navigate } from '@tanstack/react-router'
import { useTranslation } from '@/lib/i18n/i18n'
import { ErrorState } from '@/ui/ErrorState'
import { ButtonLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { fetchMessage, panelKeys } from './data/api'
import { MessagesSkeleton } from './thread/ThreadSkeleton'

const route = getRouteApi('/c/$company/messages/$message')

/** MessagePage is a message's own address: it leads on into the dialog, to the message itself. */
export function MessagePage() {
  const { t } = useTranslation('panel')
  const { company, message } = route.useParams()
  const { data, error, refetch } = useQuery({
    queryKey: panelKeys.message(company, message),
    queryFn: () => fetchMessage(company, message),
  })
  if (data) {
    return (
      <Navigate
        to="/c/$company/panel/$dialog"
        params={{ company, dialog: data.dialog_id }}
        search={{ view: 'all', message }}
        replace
      />
    )
  }
  return (
    <Page title={t('panel:message.title')}>
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => void refetch()}
          back={
            <ButtonLink to="/c/$company/panel" params={{ company }} variant="default">
              {t('panel:thread.back')}
            </ButtonLink>
          }
        />
      ) : (
        <MessagesSkeleton />
      )}
    </Page>
  )
}
