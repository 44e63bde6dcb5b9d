import { Button, PasswordInput, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { type FormEvent, useRef } from 'react'
import { api, ok } from '@/lib/api/client'
import type { LegalTexts, Site } from '@/lib/api/types'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { Note } from '@/ui/Note'
import { ZoneSelect } from '@/ui/ZoneSelect'
import { Failed } from '../Failed'
import classes from '../PublicPage.module.css'
import { useSending } from '../useSending'
import { Consents } from './Consents'
import { explained } from './explained'
import { PhoneStep } from './PhoneStep'
import { usePhoneCode } from './usePhoneCode'

const ownZone = Intl.DateTimeFormat().resolvedOptions().timeZone

interface Props {
  site: Site
  texts: LegalTexts
  /** Of the link the person came by. */
  referrer: string | undefined
  /** A newer version was published while the form was open. */
  onTextsChanged: () => void
  onRegistered: (by: 'phone' | 'email') => void
}

/** SignUpForm keeps all that was typed whatever is refused; it registers once the telephone is confirmed and the texts are agreed to. */
export function SignUpForm({ site, texts, referrer, onTextsChanged, onRegistered }: Props) {
  const { t } = useTranslation('signup')
  const language = useLanguage()
  const top = useRef<HTMLFormElement>(null)
  const form = useForm({
    initialValues: { name: '', email: '', password: '', phone: '', time_zone: ownZone },
  })
  const agreed = useForm({ initialValues: { terms: 0, privacy: 0 } })
  const values = form.values
  const phone = usePhoneCode({
    phone: values.phone.trim(),
    email: values.email.trim(),
    sms: site.sms,
  })
  const sending = useSending(explained(t))
  const agreesTo = (kind: 'terms' | 'privacy') => agreed.values[kind] === texts[kind].version
  const ready = phone.proof?.exists === false && agreesTo('terms') && agreesTo('privacy')

  const submit = async (event: FormEvent) => {
    event.preventDefault()
    if (!ready || !phone.proof) return
    const codeId = phone.proof.id
    const answer = await sending.run(() =>
      ok(
        api.POST('/api/v1/sign-up', {
          body: {
            ...values,
            language,
            code_id: codeId,
            terms_version: texts.terms.version,
            privacy_version: texts.privacy.version,
            ...(referrer ? { ref: referrer } : {}),
          },
        }),
      ),
    )
    if (answer) {
      onRegistered(phone.sent?.by ?? 'phone')
    } else {
      requestAnimationFrame(() =>
        top.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus(),
      )
    }
  }
  const field = (name: keyof typeof values) => {
    const own = form.getInputProps(name)
    return {
      ...own,
      name,
      size: 'md' as const,
      onChange: (value: unknown) => {
        sending.forget(name)
        phone.asking.forget(name)
        own.onChange(value)
      },
      error: sending.fields[name] ?? phone.asking.fields[name],
    }
  }
  const codeRefused = sending.fields.code
  const newerTexts = 'terms_version' in sending.fields || 'privacy_version' in sending.fields
  return (
    <form ref={top} onSubmit={(event) => void submit(event)} noValidate>
      <Stack gap="md">
        <TextInput label={t('signup:name')} autoComplete="name" {...field('name')} autoFocus />
        <TextInput
          label={t('signup:email')}
          type="email"
          autoComplete="username email"
          autoCapitalize="none"
          spellCheck={false}
          {...field('email')}
        />
        <PasswordInput
          label={t('signup:password')}
          description={t('signup:passwordHelp')}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('ui:signIn.show') }}
          {...field('password')}
        />
        {!site.sms && <Note>{t('signup:noSMS')}</Note>}
        <div className={classes.row}>
          <TextInput
            className={classes.grow}
            label={t('signup:phone')}
            type="tel"
            autoComplete="tel"
            placeholder="+7 912 345-67-89"
            {...field('phone')}
          />
          {!phone.sent && (
            <Button
              className={classes.beside}
              variant="default"
              size="md"
              loading={phone.asking.sending}
              disabled={values.phone.trim() === '' || (!site.sms && values.email.trim() === '')}
              onClick={() => void phone.send()}
            >
              {t('signup:confirm')}
            </Button>
          )}
        </div>
        {!phone.sent && Object.keys(phone.asking.fields).length === 0 && (
          <Failed error={phone.asking.failed} />
        )}
        {codeRefused ? (
          <Note
            meaning="warning"
            action={
              <Button
                variant="default"
                size="xs"
                onClick={() => {
                  sending.forget()
                  phone.reset()
                }}
              >
                {t('signup:confirmAgain')}
              </Button>
            }
          >
            {t('signup:codeGone')}
          </Note>
        ) : (
          <PhoneStep step={phone} />
        )}
        <ZoneSelect label={t('signup:zone')} {...field('time_zone')} />
        <Consents
          agreed={agreesTo}
          onAgree={(kind, yes) => agreed.setFieldValue(kind, yes ? texts[kind].version : 0)}
        />
        {newerTexts && (
          <Note
            meaning="warning"
            action={
              <Button
                variant="default"
                size="xs"
                onClick={() => {
                  sending.forget()
                  agreed.reset()
                  onTextsChanged()
                }}
              >
                {t('signup:newer.action')}
              </Button>
            }
          >
            {t('signup:newer.text')}
          </Note>
        )}
        {!codeRefused && !newerTexts && <Failed error={sending.failed} />}
        <Button type="submit" size="md" fullWidth loading={sending.sending} disabled={!ready}>
          {t('signup:submit')}
        </Button>
        {!ready && <p className={classes.hint}>{t('signup:hint')}</p>}
      </Stack>
    </form>
  )
}
