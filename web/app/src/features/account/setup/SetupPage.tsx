import { IconLinkOff, IconRocket } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { useTranslation } from '@/lib/i18n/i18n'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { ButtonLink } from '@/ui/links'
import { FormSkeleton } from '@/ui/Skeletons'
import { PublicPage } from '../PublicPage'
import { Wizard } from './Wizard'

/** SetupPage is the first page of an installation; the token of the printed link stands behind the #. */
export function SetupPage() {
  const { t } = useTranslation('setup')
  const navigate = useNavigate()
  const { hash: token } = useLocation()
  const { data, error, refetch } = useQuery({
    queryKey: ['setup', token],
    queryFn: () => ok(api.GET('/api/v1/setup/{token}', { params: { path: { token } } })),
    enabled: token !== '',
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  })
  const refused = token === '' ? 'wrong' : asApiError(error).fields.token?.code
  if (asApiError(error).code === 'conflict')
    return (
      <PublicPage title={t('setup:title')}>
        <Empty
          picture={<IconRocket />}
          title={t('setup:done.title')}
          text={t('setup:done.text')}
          action={<ButtonLink to="/sign-in">{t('ui:signIn.submit')}</ButtonLink>}
        />
      </PublicPage>
    )
  if (refused)
    return (
      <PublicPage title={t('setup:title')}>
        <Empty
          picture={<IconLinkOff />}
          title={t('setup:gone.title')}
          text={t('setup:gone.text')}
        />
      </PublicPage>
    )
  return (
    <PublicPage width="wide" title={t('setup:title')} lead={t('setup:lead')}>
      {data ? (
        <Wizard
          token={token}
          place={data}
          onDone={() => void navigate({ to: '/sign-in', search: { after: 'set_up' } })}
        />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <FormSkeleton />
      )}
    </PublicPage>
  )
}
