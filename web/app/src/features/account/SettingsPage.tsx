import { NumberInput, Select, Stack, Switch, TextInput } from '@mantine/core'
import { isInRange, isNotEmpty, useForm } from '@mantine/form'
import { formatTime, zoneLabel } from '@parley/shared/time'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, ok } from '@/lib/api/client'
import type { Company } from '@/lib/api/types'
import { companyQuery } from '@/lib/data/company'
import { useLocale } from '@/lib/i18n/i18n'
import { meQuery, useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { CompanySections } from './CompanySections'

/** SettingsPage is what holds for the whole company. */
export function SettingsPage() {
  const { t } = useTranslation('account')
  const { company } = useSession()
  const [reloads, setReloads] = useState(0)
  const { data, error, refetch } = useQuery(companyQuery(company.id))
  return (
    <Page
      width="form"
      title={t('account:company.title')}
      lead={<CopyId id={company.id} label={`ID ${company.id}`} />}
    >
      <CompanySections on="settings" />
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <SettingsForm
          key={reloads}
          company={data}
          onReload={() => void refetch().then(() => setReloads(reloads + 1))}
        />
      ) : (
        <FormSkeleton />
      )}
    </Page>
  )
}

function zones(own: string): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return known.includes(own) ? known : [own, ...known]
}

function SettingsForm({ company, onReload }: { company: Company; onReload: () => void }) {
  const { t } = useTranslation('account')
  const { may } = useSession()
  const locale = useLocale()
  const client = useQueryClient()
  const form = useForm({
    initialValues: {
      name: company.name,
      time_zone: company.time_zone,
      max_dialogs: company.max_dialogs,
      operators_see_prices: company.operators_see_prices,
    },
    validate: {
      name: isNotEmpty(t('errors:field.required')),
      time_zone: isNotEmpty(t('errors:field.required')),
      max_dialogs: isInRange({ min: 0, max: 10_000 }, t('errors:field.out_of_range')),
    },
  })
  const now = new Date()
  const zone = form.values.time_zone
  return (
    <Form
      form={form}
      submit={t('account:company.save')}
      readOnly={!may('company.manage')}
      onReload={onReload}
      onSubmit={(values, how) =>
        ok(
          api.PATCH('/api/v1/companies/{company}', {
            params: {
              path: { company: company.id },
              header: { 'If-Match': how.overwrite ? '*' : `"${company.version}"` },
            },
            body: { ...values, name: values.name.trim() },
          }),
        )
      }
      onSaved={(saved) => {
        client.setQueryData(companyQuery(company.id).queryKey, saved)
        void client.invalidateQueries({ queryKey: meQuery.queryKey })
      }}
    >
      <Card title={t('account:company.general')}>
        <Stack gap="md">
          <TextInput
            label={t('account:company.name')}
            description={t('account:company.nameHelp')}
            maxLength={100}
            {...form.getInputProps('name')}
          />
          <Select
            label={t('account:company.zone')}
            description={
              zone &&
              t('account:company.zoneHelp', {
                time: formatTime(now, locale, zone),
                zone: zoneLabel(zone, now, locale),
              })
            }
            data={zones(company.time_zone)}
            searchable
            allowDeselect={false}
            nothingFoundMessage={t('account:nothing')}
            {...form.getInputProps('time_zone')}
          />
          <TextInput
            label={t('account:company.currency')}
            description={t('account:company.currencyHelp')}
            value={company.currency}
            readOnly
            variant="filled"
          />
        </Stack>
      </Card>
      <Card title={t('account:company.operators')}>
        <Stack gap="md">
          <NumberInput
            label={t('account:company.max')}
            description={t('account:company.maxHelp')}
            min={0}
            max={10_000}
            allowDecimal={false}
            {...form.getInputProps('max_dialogs')}
          />
          <Switch
            label={t('account:company.prices')}
            description={t('account:company.pricesHelp')}
            {...form.getInputProps('operators_see_prices', { type: 'checkbox' })}
          />
        </Stack>
      </Card>
    </Form>
  )
}
