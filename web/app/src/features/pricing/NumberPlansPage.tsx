import { Button, FileButton, Group, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconUpload } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import type { LineError } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { Card } from '@/ui/Card'
import { CountrySelect } from '@/ui/CountrySelect'
import { ErrorState } from '@/ui/ErrorState'
import { Form } from '@/ui/Form'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { Time } from '@/ui/Time'
import { toastGood } from '@/ui/toast'
import { Locate } from './Locate'
import classes from './PriceListPage.module.css'
import { Wrong } from './Wrong'

const key = ['back-office', 'number-plans']

/** NumberPlansPage says which numbers belong to which carrier, and takes newer plans from files. */
export function NumberPlansPage() {
  const { t } = useTranslation('pricing')
  const { data, error, refetch } = useQuery({
    queryKey: key,
    queryFn: () => ok(api.GET('/api/v1/back-office/number-plans')),
  })
  return (
    <Page title={t('ui:backOffice.title')} lead={t('pricing:plan.lead')}>
      <BackOfficeTabs on="numberPlans" />
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <FormSkeleton />}
      {data && (
        <Card title={t('pricing:plan.known')}>
          <ul className={classes.buyers}>
            {data.items.map((plan) => (
              <li key={plan.country}>
                <span>
                  <strong>{plan.country}</strong> {plan.source}
                </span>
                <span className="numbers">
                  {t('pricing:plan.ranges', { count: plan.ranges })}{' '}
                  {plan.imported_at && <Time at={plan.imported_at} as="date" />}
                </span>
              </li>
            ))}
          </ul>
        </Card>
      )}
      <Locate />
      <Import />
    </Page>
  )
}

/** Import replaces the plan of one country by a file. */
function Import() {
  const { t } = useTranslation('pricing')
  const client = useQueryClient()
  const [file, setFile] = useState<File | null>(null)
  const [wrong, setWrong] = useState<LineError[]>([])
  const form = useForm({
    initialValues: { country: 'RU', source: '' },
    validate: { source: (value) => (value.trim() ? null : t('errors:field.required')) },
  })
  const save = async ({ country, source }: { country: string; source: string }) => {
    setWrong([])
    try {
      return await ok(
        api.PUT('/api/v1/back-office/number-plans/{country}', {
          params: { path: { country } },
          body: { source, table: (await file?.text()) ?? '' },
        }),
      )
    } catch (error) {
      const { lines } = asApiError(error).problem
      if (Array.isArray(lines)) setWrong(lines as LineError[])
      throw error
    }
  }
  return (
    <Form
      form={form}
      submit={t('pricing:plan.import')}
      fieldNames={{ table: '' }}
      onSubmit={save}
      onSaved={() => {
        toastGood(t('pricing:plan.done'))
        form.reset()
        setFile(null)
        void client.invalidateQueries({ queryKey: key })
      }}
    >
      <Card title={t('pricing:plan.import')} text={t('pricing:plan.importText')}>
        {wrong.length > 0 && <Wrong lines={wrong} />}
        <Stack gap="sm" className={classes.from}>
          <CountrySelect label={t('pricing:field.country')} {...form.getInputProps('country')} />
          <TextInput
            label={t('pricing:plan.source')}
            maxLength={200}
            {...form.getInputProps('source')}
          />
          <Group>
            <FileButton accept=".csv,text/csv" onChange={setFile}>
              {(props) => (
                <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
                  {t('pricing:upload')}
                </Button>
              )}
            </FileButton>
            <span>{file?.name}</span>
          </Group>
        </Stack>
      </Card>
    </Form>
  )
}
