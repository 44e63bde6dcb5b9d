import { Button } from '@mantine/core'
import { type UseFormReturnType, useForm } from '@mantine/form'
import { type FormEvent, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { fieldTexts } from '@/lib/api/problemText'
import type { SetupPlace } from '@/lib/api/types'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { renamed, useLeaveGuard } from '@/ui/Form'
import { Failed } from '../Failed'
import { RequisitesFields } from '../information/RequisitesFields'
import { AdminStep, CompanyStep } from './People'
import { MailStep, SMSStep } from './Routes'
import { Summary } from './Summary'
import classes from './setup.module.css'
import { fieldNames, initialValues, type Step, setupOf, stepOf, steps, type Values } from './values'

export interface StepProps {
  form: UseFormReturnType<Values>
  place: SetupPlace
  token: string
}

interface Props {
  token: string
  place: SetupPlace
  onDone: () => void
}

/** Wizard keeps everything on going back; what the server refuses leads to the step where it is. */
export function Wizard({ token, place, onDone }: Props) {
  const { t } = useTranslation('setup')
  const language = useLanguage()
  const form = useForm<Values>({ initialValues: initialValues(place.name, language) })
  const [step, setStep] = useState<Step>('admin')
  const [reached, setReached] = useState(0)
  const [failed, setFailed] = useState<unknown>(null)
  const [sending, setSending] = useState(false)
  const leaving = useLeaveGuard(form.isDirty() && !sending)
  const at = steps.indexOf(step)

  const go = (next: Step) => {
    setStep(next)
    setReached(Math.max(reached, steps.indexOf(next)))
    window.scrollTo({ top: 0 })
  }
  const finish = async () => {
    setSending(true)
    setFailed(null)
    try {
      await ok(
        api.POST('/api/v1/setup/{token}', {
          params: { path: { token } },
          body: setupOf(form.getValues()),
        }),
      )
      leaving.allow()
      onDone()
    } catch (error) {
      setFailed(error)
      const errors = renamed(fieldTexts(t, error), fieldNames)
      form.setErrors(errors)
      const first = steps.find((one) => Object.keys(errors).some((field) => stepOf(field) === one))
      if (first) go(first)
    } finally {
      setSending(false)
    }
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const errors = missingOf(form.values, step, t('errors:field.required'))
    if (Object.keys(errors).length > 0) form.setErrors(errors)
    else if (step === 'summary') void finish()
    else go(steps[at + 1] ?? 'summary')
  }
  const refused = asApiError(failed)
  const props = { form, place, token }
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <ol className={classes.steps} aria-label={t('setup:steps')}>
        {steps.map((one, index) => (
          <li key={one} data-state={one === step ? 'here' : index <= reached ? 'reached' : 'ahead'}>
            <button
              type="button"
              disabled={index > reached}
              aria-current={one === step ? 'step' : undefined}
              onClick={() => go(one)}
            >
              <span aria-hidden>{index + 1}</span> {t(`setup:step.${one}`)}
            </button>
          </li>
        ))}
      </ol>
      {failed !== null && <Failed error={failed} />}
      {refused.fields.token && <p className={classes.soft}>{t('setup:gone.text')}</p>}
      {step === 'admin' && <AdminStep {...props} />}
      {step === 'company' && <CompanyStep {...props} />}
      {step === 'seller' && (
        <>
          <p className={classes.soft}>{t('setup:seller.help')}</p>
          <RequisitesFields
            value={form.values.requisites}
            field={(path) => form.getInputProps(`requisites.${path}`)}
          />
        </>
      )}
      {step === 'mail' && <MailStep {...props} />}
      {step === 'sms' && <SMSStep {...props} />}
      {step === 'summary' && <Summary values={form.values} place={place} />}
      <div className={classes.footer}>
        {at > 0 && (
          <Button variant="default" onClick={() => go(steps[at - 1] ?? 'admin')}>
            {t('setup:back')}
          </Button>
        )}
        <Button type="submit" loading={sending}>
          {t(step === 'summary' ? 'setup:finish' : 'setup:next')}
        </Button>
      </div>
      {leaving.dialog}
    </form>
  )
}

const required: Partial<Record<Step, string[]>> = {
  admin: ['admin.name', 'admin.email', 'admin.password'],
  company: ['company.name', 'company.currency', 'company.time_zone'],
}

/** missingOf stops a step only for what the installation cannot begin without. */
function missingOf(values: Values, step: Step, text: string): Record<string, string> {
  const parts = values as unknown as Record<string, Record<string, string>>
  const empty = (required[step] ?? []).filter((path) => {
    const [part = '', name = ''] = path.split('.')
    return parts[part]?.[name]?.trim() === ''
  })
  return Object.fromEntries(empty.map((path) => [path, text]))
}
