import { IconLinkOff, IconMailCheck } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { useEffect } from 'react'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { useTranslation } from '@/lib/i18n/i18n'
import { meQuery } from '@/lib/session/session'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { ButtonLink } from '@/ui/links'
import { FormSkeleton } from '@/ui/Skeletons'
import { PublicPage } from '../PublicPage'

/** ConfirmEmailPage is where the letter's link leads; its token stands behind the # and works once. */
export function ConfirmEmailPage() {
  const { t } = useTranslation('recovery')
  const { hash: token } = useLocation()
  const client = useQueryClient()
  const { isSuccess, error, refetch } = useQuery({
    queryKey: ['email-confirmation', token],
    queryFn: async () => {
      await ok(api.POST('/api/v1/email-confirmations', { body: { token } }))
      return true
    },
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  })
  useEffect(() => {
    if (isSuccess) void client.invalidateQueries({ queryKey: meQuery.queryKey })
  }, [isSuccess, client])
  const refused = asApiError(error).fields.token?.code
  const goOn = <ButtonLink to="/sign-in">{t('recovery:email.action')}</ButtonLink>
  return (
    <PublicPage title={t('recovery:email.title')}>
      {isSuccess ? (
        <Empty
          picture={<IconMailCheck />}
          title={t('recovery:email.done')}
          text={t('recovery:email.doneText')}
          action={goOn}
        />
      ) : refused ? (
        <Empty
          picture={refused === 'used' ? <IconMailCheck /> : <IconLinkOff />}
          title={t(`recovery:email.${refused === 'used' ? 'used' : 'gone'}`)}
          text={t(`recovery:email.${refused === 'used' ? 'usedText' : 'goneText'}`)}
          action={goOn}
        />
      ) : error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <FormSkeleton fields={1} />
      )}
    </PublicPage>
  )
}
