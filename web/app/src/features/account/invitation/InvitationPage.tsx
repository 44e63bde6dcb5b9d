import { Button, PasswordInput, Stack } from '@mantine/core'
import { IconLinkOff } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useLocation, useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { meQuery } from '@/lib/session/session'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { ButtonLink } from '@/ui/links'
import { SignInForm } from '@/ui/SignInForm'
import { FormSkeleton } from '@/ui/Skeletons'
import { Failed } from '../Failed'
import { PublicPage } from '../PublicPage'
import { useSending } from '../useSending'

/** InvitationPage is where the letter's link leads; its token stands behind the # and works once. */
export function InvitationPage() {
  const { t } = useTranslation('recovery')
  const { hash: token } = useLocation()
  const { data, error, refetch } = useQuery({
    queryKey: ['invitation', token],
    queryFn: () => ok(api.POST('/api/v1/invitations', { body: { token } })),
    refetchOnWindowFocus: false,
  })
  const refused = asApiError(error).fields.token?.code
  if (!data)
    return (
      <PublicPage title={t('recovery:invitation.title')}>
        {refused ? (
          <Empty
            picture={<IconLinkOff />}
            title={t(`recovery:gone.${refused === 'used' ? 'used' : 'old'}`)}
            text={t('recovery:invitation.gone')}
            action={<ButtonLink to="/sign-in">{t('recovery:signIn')}</ButtonLink>}
          />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <FormSkeleton fields={2} />
        )}
      </PublicPage>
    )
  return (
    <PublicPage
      title={t('recovery:invitation.to', { company: data.company })}
      lead={t(`recovery:invitation.${data.account ? 'known' : 'anew'}`, { email: data.email })}
    >
      {data.account ? <Known token={token} /> : <Anew token={token} />}
    </PublicPage>
  )
}

/** Known lets the owner of an account accept: whoever is signed in, or signs in now. */
function Known({ token }: { token: string }) {
  const { t } = useTranslation('recovery')
  const { data: me } = useQuery(meQuery)
  const client = useQueryClient()
  const navigate = useNavigate()
  const sending = useSending()
  const accept = async () => {
    const done = await sending.run(() =>
      ok(api.POST('/api/v1/me/invitations', { body: { token } })),
    )
    if (!done) return
    await client.invalidateQueries({ queryKey: meQuery.queryKey })
    void navigate({ to: '/', replace: true })
  }
  if (!me) return <SignInForm onSignedIn={() => void accept()} />
  return (
    <Stack gap="md">
      <Failed error={sending.failed} />
      <Button size="md" fullWidth loading={sending.sending} onClick={() => void accept()}>
        {t('recovery:invitation.accept')}
      </Button>
    </Stack>
  )
}

/** Anew takes the password of an account that is made with it. */
function Anew({ token }: { token: string }) {
  const { t } = useTranslation('recovery')
  const language = useLanguage()
  const navigate = useNavigate()
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [differ, setDiffer] = useState(false)
  const sending = useSending((field, code) =>
    field === 'password' && code === 'invalid' ? t('recovery:easy') : undefined,
  )
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setDiffer(first !== second)
    if (first !== second) return
    const done = await sending.run(() =>
      ok(api.POST('/api/v1/invitations/account', { body: { token, password: first, language } })),
    )
    if (done) void navigate({ to: '/sign-in', search: { after: 'registered' }, replace: true })
  }
  const common = {
    size: 'md',
    autoComplete: 'new-password',
    visibilityToggleButtonProps: { 'aria-label': t('ui:signIn.show') },
  } as const
  return (
    <form onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <PasswordInput
          label={t('recovery:invitation.password')}
          description={t('recovery:password.help')}
          value={first}
          onChange={(e) => {
            sending.forget('password')
            setFirst(e.currentTarget.value)
          }}
          error={sending.fields.password}
          {...common}
        />
        <PasswordInput
          label={t('recovery:invitation.again')}
          value={second}
          onChange={(e) => {
            setDiffer(false)
            setSecond(e.currentTarget.value)
          }}
          error={differ && t('recovery:password.differ')}
          {...common}
        />
        {!sending.fields.password && <Failed error={sending.failed} />}
        <Button
          type="submit"
          size="md"
          fullWidth
          loading={sending.sending}
          disabled={first === '' || second === ''}
        >
          {t('recovery:invitation.join')}
        </Button>
      </Stack>
    </form>
  )
}
