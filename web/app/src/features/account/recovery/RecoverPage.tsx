import { Button, Stack, TextInput } from '@mantine/core'
import { useLocation } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { TextLink } from '@/ui/links'
import { Failed } from '../Failed'
import { PublicPage } from '../PublicPage'
import classes from '../PublicPage.module.css'
import { useSending } from '../useSending'
import { NewPassword } from './NewPassword'
import { type Asked, WayBack } from './WayBack'

/** RecoverPage leads back in: by a letter's link, or by a code to the telephone. The token of a link stands behind the #. */
export function RecoverPage() {
  const { hash } = useLocation()
  const [token, setToken] = useState('')
  const [again, setAgain] = useState(false)
  const current = token || (again ? '' : hash)
  if (current)
    return (
      <NewPassword
        token={current}
        onGone={() => {
          setToken('')
          setAgain(true)
        }}
      />
    )
  return <Ask onToken={setToken} />
}

function Ask({ onToken }: { onToken: (token: string) => void }) {
  const { t } = useTranslation('recovery')
  const language = useLanguage()
  const [login, setLogin] = useState('')
  const [asked, setAsked] = useState<Asked | null>(null)
  const sending = useSending()
  const ask = async () => {
    const answer = await sending.run(() =>
      ok(api.POST('/api/v1/recovery', { body: { login: login.trim(), language } })),
    )
    if (!answer) return
    const { by, code_id, resend_after_s } = answer.done
    setAsked({
      by,
      codeId: code_id ?? '',
      login: login.trim(),
      again: Date.now() + resend_after_s * 1000,
    })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (login.trim() !== '') void ask()
  }
  return (
    <PublicPage title={t('recovery:title')} lead={asked ? undefined : t('recovery:lead')}>
      {asked ? (
        <WayBack
          asked={asked}
          asking={sending}
          onAgain={() => void ask()}
          onOther={() => setAsked(null)}
          onToken={onToken}
        />
      ) : (
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <TextInput
              label={t('ui:signIn.login')}
              name="username"
              autoComplete="username"
              inputMode="email"
              autoCapitalize="none"
              spellCheck={false}
              size="md"
              value={login}
              onChange={(e) => setLogin(e.currentTarget.value)}
              error={sending.fields.login}
              autoFocus
            />
            {!sending.fields.login && <Failed error={sending.failed} />}
            <Button
              type="submit"
              size="md"
              fullWidth
              loading={sending.sending}
              disabled={login.trim() === ''}
            >
              {t('recovery:submit')}
            </Button>
          </Stack>
        </form>
      )}
      <div className={classes.foot}>
        <TextLink to="/sign-in">{t('recovery:signIn')}</TextLink>
        <TextLink to="/signup">{t('account:signIn.register')}</TextLink>
      </div>
    </PublicPage>
  )
}
