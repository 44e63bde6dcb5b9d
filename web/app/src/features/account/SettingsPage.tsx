import { Stack, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { Company } from '@/lib/api/types'
import { companyQuery } from '@/lib/data/company'
import { informationQuery } from '@/lib/data/information'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { CompanySections } from './CompanySections'

/** SettingsPage is what holds for the whole company and stands in no papers. */
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

function SettingsForm({ company, onReload }: { company: Company; onReload: () => void }) {
  const { t } = useTranslation('account')
  const { may } = useSession()
  const client = useQueryClient()
  const form = useForm({
    initialValues: { operators_see_prices: company.operators_see_prices },
  })
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
            body: values,
          }),
        )
      }
      onSaved={(saved) => {
        client.setQueryData(companyQuery(company.id).queryKey, saved)
        void client.invalidateQueries({ queryKey: informationQuery(company.id).queryKey })
      }}
    >
      <Card>
        <Stack gap="md">
          <Switch
            label={t('account:company.prices')}
            description={t('account:company.pricesHelp')}
            {...form.getInputProps('operators_see_prices', { type: 'checkbox' })}
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
    </Form>
  )
}
