import { NumberInput, TextInput } from '@mantine/core'
import { isInRange, isNotEmpty, type UseFormReturnType, useForm } from '@mantine/form'
import { formatMoney } from '@parley/shared/money'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useRef, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { Information } from '@/lib/api/types'
import { informationQuery } from '@/lib/data/information'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { hasText } from '@/lib/i18n/texts'
import { meQuery, useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import { ZoneSelect } from '@/ui/ZoneSelect'
import classes from './information.module.css'
import { Missing } from './Missing'
import { RequisitesFields } from './RequisitesFields'
import { stillMissing } from './stillMissing'

type Values = Pick<
  Information,
  'name' | 'email' | 'phone' | 'time_zone' | 'max_dialogs' | 'requisites'
>

interface Props {
  information: Information
  onReload: () => void
  onSaved?: (information: Information) => void
  onCancel?: () => void
  onDirty?: (dirty: boolean) => void
  /** Path of the field to begin at. */
  start?: string
}

/** InformationForm may be saved half filled in; it then names what is still missing. */
export function InformationForm(props: Props) {
  const { information, onReload, onSaved, onCancel, onDirty, start } = props
  const { t } = useTranslation('company')
  const { company } = useSession()
  const client = useQueryClient()
  // What is newer on the server than what was typed over is a conflict, however often it is read meanwhile.
  const [seen, setSeen] = useState(information)
  const place = useRef<HTMLDivElement>(null)
  const form = useForm<Values>({
    initialValues: valuesOf(information),
    validate: {
      name: isNotEmpty(t('errors:field.required')),
      max_dialogs: isInRange({ min: 0, max: 10_000 }, t('errors:field.out_of_range')),
    },
  })
  const dirty = form.isDirty()
  useEffect(() => onDirty?.(dirty), [dirty, onDirty])
  const left = stillMissing(seen.missing, form.values)

  const go = (path: string) => {
    const input = place.current?.querySelector<HTMLElement>(`[data-path="${path}"]`)
    input?.scrollIntoView({ block: 'center' })
    input?.focus({ preventScroll: true })
  }
  const begin = useEffectEvent(go)
  useEffect(() => {
    if (start) begin(start)
  }, [start])
  const keep = (saved: Information) => {
    setSeen(saved)
    form.setInitialValues(valuesOf(saved))
    form.setValues(valuesOf(saved))
    client.setQueryData(informationQuery(company.id).queryKey, saved)
    void client.invalidateQueries({ queryKey: ['company', company.id], exact: true })
    void client.invalidateQueries({ queryKey: meQuery.queryKey })
    onSaved?.(saved)
  }
  return (
    <div ref={place} className={classes.stack}>
      {left.length > 0 && <Missing paths={left} requisites={form.values.requisites} onGo={go} />}
      <Form
        form={form}
        submit={t('company:save')}
        onReload={onReload}
        onCancel={onCancel}
        explain={(field, code) => explained(t, field, code, form.values.requisites.country)}
        onSubmit={(values, how) =>
          ok(
            api.PUT('/api/v1/companies/{company}/information', {
              params: {
                path: { company: company.id },
                header: { 'If-Match': how.overwrite ? '*' : `"${seen.version}"` },
              },
              body: values,
            }),
          )
        }
        onSaved={keep}
      >
        <General information={seen} form={form} />
        <RequisitesFields
          value={form.values.requisites}
          field={(path) => form.getInputProps(`requisites.${path}`)}
        />
      </Form>
    </div>
  )
}

/** valuesOf starts new billing details with one address: most companies have no other. */
function valuesOf({ name, email, phone, time_zone, max_dialogs, requisites }: Information): Values {
  const postal_same = requisites.postal_same || requisites.country === ''
  return { name, email, phone, time_zone, max_dialogs, requisites: { ...requisites, postal_same } }
}

/** explained says what is wrong with a number by its own rules, where there are some. */
function explained(
  t: ReturnType<typeof useTranslation>['t'],
  field: string,
  code: string,
  country: string,
): string | undefined {
  if (code !== 'invalid') return undefined
  const path = field.replace(/^requisites\./, '')
  const name =
    country === 'RU' && path === 'bank.account'
      ? 'settlement'
      : path.replace(/^(legal|postal)_address\./, 'address.')
  const key = `company:wrong.${name}`
  return hasText(key) ? t(key) : undefined
}

function General({
  information,
  form,
}: {
  information: Information
  form: UseFormReturnType<Values>
}) {
  const { t } = useTranslation('company')
  const { may } = useSession()
  const locale = useLocale()
  const closed = !may('company.manage')
  const limit = { amount: information.credit_limit, currency: information.currency }
  return (
    <Card title={t('company:part.general')}>
      <div className={classes.fields}>
        <TextInput
          className={classes.wide}
          label={t('company:field.name')}
          description={t('company:nameHelp')}
          withAsterisk
          maxLength={100}
          disabled={closed}
          {...form.getInputProps('name')}
        />
        <TextInput
          label={t('company:field.email')}
          withAsterisk
          type="email"
          autoComplete="email"
          maxLength={254}
          {...form.getInputProps('email')}
        />
        <TextInput
          label={t('company:field.phone')}
          withAsterisk
          type="tel"
          autoComplete="tel"
          maxLength={40}
          placeholder="+7 912 345-67-89"
          {...form.getInputProps('phone')}
        />
        <ZoneSelect
          label={t('company:field.time_zone')}
          help={t('company:zoneHelp')}
          disabled={closed}
          {...form.getInputProps('time_zone')}
        />
        <NumberInput
          label={t('company:field.max_dialogs')}
          description={t('company:maxHelp')}
          min={0}
          max={10_000}
          allowDecimal={false}
          disabled={closed}
          {...form.getInputProps('max_dialogs')}
        />
        <TextInput
          label={t('company:field.credit_limit')}
          description={t('company:limitHelp')}
          value={formatMoney(limit, locale)}
          readOnly
          variant="filled"
        />
      </div>
    </Card>
  )
}
