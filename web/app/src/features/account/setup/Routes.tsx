import { Checkbox, PasswordInput, Select, TextInput } from '@mantine/core'
import { api, ok } from '@/lib/api/client'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { Note } from '@/ui/Note'
import classes from './setup.module.css'
import { Trial } from './Trial'
import { mailRoute, smsRoute, type Values } from './values'
import type { StepProps } from './Wizard'

const ports: Record<Values['mail']['security'], string> = {
  starttls: '587',
  tls: '465',
  plain: '25',
}

/** MailStep is the way of letters; without one nobody can confirm an address. */
export function MailStep({ form, place, token }: StepProps) {
  const { t } = useTranslation('setup')
  const language = useLanguage()
  if (place.mail) return <Note>{t('setup:mail.set')}</Note>
  const security = form.getInputProps('mail.security')
  return (
    <>
      <p className={classes.soft}>{t('setup:mail.help')}</p>
      <div className={classes.fields}>
        <TextInput
          label={t('setup:route.host')}
          placeholder="smtp.example.com"
          {...form.getInputProps('mail.host')}
        />
        <Select
          label={t('setup:mail.security')}
          data={(['starttls', 'tls', 'plain'] as const).map((value) => ({
            value,
            label: t(`setup:mail.secure.${value}`),
          }))}
          allowDeselect={false}
          {...security}
          onChange={(value: Values['mail']['security'] | null) => {
            security.onChange(value)
            if (value) form.setFieldValue('mail.port', ports[value])
          }}
        />
        <TextInput
          label={t('setup:route.port')}
          inputMode="numeric"
          {...form.getInputProps('mail.port')}
        />
        <TextInput
          label={t('setup:mail.from')}
          placeholder="Parley <no-reply@example.com>"
          {...form.getInputProps('mail.from')}
        />
        <Login form={form} at="mail" />
      </div>
      <Trial
        title={t('setup:mail.try')}
        action={t('setup:mail.send')}
        done={t('setup:mail.sent')}
        to={form.values.admin.email}
        label={t('setup:mail.to')}
        ready={form.values.mail.host.trim() !== ''}
        send={(to) =>
          ok(
            api.POST('/api/v1/setup/{token}/test-letter', {
              params: { path: { token } },
              body: { ...mailRoute(form.values), to, language },
            }),
          )
        }
        onRefused={form.setErrors}
      />
    </>
  )
}

/** SMSStep is the way of codes; without one phones are confirmed by email. */
export function SMSStep({ form, place, token }: StepProps) {
  const { t } = useTranslation('setup')
  const language = useLanguage()
  if (place.sms) return <Note>{t('setup:sms.set')}</Note>
  const empty = form.values.sms.host.trim() === ''
  return (
    <>
      <p className={classes.soft}>{t('setup:sms.help')}</p>
      {empty && <Note>{t('setup:sms.without')}</Note>}
      <div className={classes.fields}>
        <TextInput
          label={t('setup:route.host')}
          placeholder="smsc.example.com"
          {...form.getInputProps('sms.host')}
        />
        <TextInput
          label={t('setup:route.port')}
          inputMode="numeric"
          {...form.getInputProps('sms.port')}
        />
        <TextInput
          label={t('setup:sms.sender')}
          description={t('setup:sms.senderHelp')}
          maxLength={20}
          {...form.getInputProps('sms.sender')}
        />
        <Login form={form} at="sms" />
        <Checkbox
          className={classes.wide}
          label={t('setup:sms.tls')}
          {...form.getInputProps('sms.tls', { type: 'checkbox' })}
        />
      </div>
      <Trial
        title={t('setup:sms.try')}
        action={t('setup:sms.send')}
        done={t('setup:sms.sent')}
        to={form.values.admin.phone}
        label={t('setup:sms.to')}
        ready={!empty}
        send={(to) =>
          ok(
            api.POST('/api/v1/setup/{token}/test-sms', {
              params: { path: { token } },
              body: { ...smsRoute(form.values), to, language },
            }),
          )
        }
        onRefused={form.setErrors}
      />
    </>
  )
}

function Login({ form, at }: Pick<StepProps, 'form'> & { at: 'mail' | 'sms' }) {
  const { t } = useTranslation('setup')
  return (
    <>
      <TextInput
        label={t('setup:route.user')}
        autoComplete="off"
        {...form.getInputProps(`${at}.user`)}
      />
      <PasswordInput
        label={t('setup:route.password')}
        autoComplete="off"
        visibilityToggleButtonProps={{ 'aria-label': t('ui:signIn.show') }}
        {...form.getInputProps(`${at}.password`)}
      />
    </>
  )
}
