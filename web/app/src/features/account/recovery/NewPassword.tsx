import { Button, PasswordInput, Stack } from '@mantine/core'
import { IconLinkOff } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { useTranslation } from '@/lib/i18n/i18n'
import { Empty } from '@/ui/Empty'
import { Failed } from '../Failed'
import { PublicPage } from '../PublicPage'
import { useSending } from '../useSending'

interface Props {
  token: string
  /** The link no longer works; another one has to be asked for. */
  onGone: () => void
}

/** NewPassword takes a new password twice; all sign-ins end with it. */
export function NewPassword({ token, onGone }: Props) {
  const { t } = useTranslation('recovery')
  const navigate = useNavigate()
  const [first, setFirst] = useState('')
  const [second, setSecond] = useState('')
  const [differ, setDiffer] = useState(false)
  const sending = useSending((field, code) =>
    field === 'password' && code === 'invalid' ? t('recovery:easy') : undefined,
  )
  const gone = asApiError(sending.failed).fields.token
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setDiffer(first !== second)
    if (first !== second) return
    const answer = await sending.run(() =>
      ok(api.POST('/api/v1/recovery/password', { body: { token, password: first } })),
    )
    if (answer) void navigate({ to: '/sign-in', search: { after: 'new_password' }, replace: true })
  }
  const common = {
    size: 'md',
    autoComplete: 'new-password',
    visibilityToggleButtonProps: { 'aria-label': t('ui:signIn.show') },
  } as const
  if (gone)
    return (
      <PublicPage title={t('recovery:title')}>
        <Empty
          picture={<IconLinkOff />}
          title={t(`recovery:gone.${gone.code === 'used' ? 'used' : 'old'}`)}
          text={t('recovery:gone.text')}
          action={<Button onClick={onGone}>{t('recovery:gone.action')}</Button>}
        />
      </PublicPage>
    )
  return (
    <PublicPage title={t('recovery:password.title')} lead={t('recovery:password.lead')}>
      <form onSubmit={(event) => void submit(event)} noValidate>
        <Stack gap="md">
          <PasswordInput
            label={t('recovery:password.first')}
            description={t('recovery:password.help')}
            value={first}
            onChange={(e) => {
              sending.forget('password')
              setFirst(e.currentTarget.value)
            }}
            error={sending.fields.password}
            autoFocus
            {...common}
          />
          <PasswordInput
            label={t('recovery:password.second')}
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
            {t('recovery:password.submit')}
          </Button>
        </Stack>
      </form>
    </PublicPage>
  )
}
