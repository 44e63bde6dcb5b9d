import '@/lib/theme/forms'
import { Button, Checkbox, PasswordInput, Stack, TextInput } from '@mantine/core'
import { IconAlertCircle } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { problemText } from '@/lib/api/problemText'
import type { Me } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { remindAgain } from '@/lib/session/reminder'
import { meQuery } from '@/lib/session/session'
import classes from './SignInForm.module.css'

const storageKey = 'parley.login'

interface Props {
  onSignedIn: (me: Me) => void
}

/** SignInForm serves the sign-in page and the window that opens when a sign-in ends under one's hands. */
export function SignInForm({ onSignedIn }: Props) {
  const { t } = useTranslation()
  const client = useQueryClient()
  const kept = useRef(localStorage.getItem(storageKey) ?? '').current
  const [login, setLogin] = useState(kept)
  const [password, setPassword] = useState('')
  const [remember, setRemember] = useState(kept !== '')
  const [failed, setFailed] = useState<unknown>(null)
  const [missing, setMissing] = useState(false)
  const [sending, setSending] = useState(false)
  const passwordField = useRef<HTMLInputElement>(null)

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    setMissing(true)
    if (login.trim() === '' || password === '') return
    setSending(true)
    setFailed(null)
    try {
      const me = await ok(
        api.POST('/api/v1/sign-in', { body: { login: login.trim(), password, remember } }),
      )
      if (remember) localStorage.setItem(storageKey, login.trim())
      else localStorage.removeItem(storageKey)
      remindAgain()
      client.setQueryData(meQuery.queryKey, me)
      onSignedIn(me)
    } catch (error) {
      setFailed(error)
      setSending(false)
      requestAnimationFrame(() => passwordField.current?.select())
    }
  }
  const required = t('errors:field.required')
  return (
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
          error={missing && login.trim() === '' && required}
          data-autofocus={kept === '' || undefined}
          autoFocus={kept === ''}
        />
        <PasswordInput
          ref={passwordField}
          label={t('ui:signIn.password')}
          name="password"
          autoComplete="current-password"
          size="md"
          value={password}
          onChange={(e) => setPassword(e.currentTarget.value)}
          error={missing && password === '' && required}
          visibilityToggleButtonProps={{ 'aria-label': t('ui:signIn.show') }}
          data-autofocus={kept !== '' || undefined}
          autoFocus={kept !== ''}
        />
        <Checkbox
          label={t('ui:signIn.remember')}
          description={t('ui:signIn.rememberHelp')}
          checked={remember}
          onChange={(e) => setRemember(e.currentTarget.checked)}
        />
        <div role="alert">
          {failed !== null && (
            <p className={classes.failed}>
              <IconAlertCircle size={18} aria-hidden /> {problemText(t, failed)}
            </p>
          )}
        </div>
        <Button type="submit" size="md" fullWidth loading={sending}>
          {t('ui:signIn.submit')}
        </Button>
      </Stack>
    </form>
  )
}
