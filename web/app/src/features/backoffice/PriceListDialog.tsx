import { Select } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { priceListsQuery } from '@/lib/data/priceLists'
import { useTranslation } from '@/lib/i18n/i18n'
import { Form } from '@/ui/Form'
import { toastGood } from '@/ui/toast'
import { CompanyDialog, type DialogProps } from './CompanyDialog'

/** PriceListDialog says by which prices a company pays from now on; what is already rated stays. */
export function PriceListDialog({ company, onClose }: DialogProps) {
  const { t } = useTranslation('backoffice')
  const client = useQueryClient()
  const lists = useQuery(priceListsQuery).data ?? []
  const form = useForm<{ list: string | null }>({
    initialValues: { list: null },
    validate: { list: (value) => (value ? null : t('errors:field.required')) },
  })
  return (
    <CompanyDialog
      company={company}
      title={t('backoffice:prices.title')}
      dirty={form.isDirty()}
      onClose={onClose}
    >
      <Form
        form={form}
        submit={t('backoffice:prices.submit')}
        onCancel={onClose}
        fieldNames={{ price_list: 'list' }}
        onSubmit={({ list }) =>
          ok(
            api.PUT('/api/v1/back-office/companies/{company}/price-list', {
              params: { path: { company: company.id } },
              body: { price_list: list ?? '' },
            }),
          )
        }
        onSaved={() => {
          toastGood(t('backoffice:prices.done', { name: company.name }))
          void client.invalidateQueries({ queryKey: ['back-office'] })
          onClose()
        }}
      >
        <Select
          label={t('backoffice:prices.list')}
          description={t('backoffice:prices.help')}
          placeholder={t('backoffice:prices.choose')}
          data={lists
            .filter((list) => list.currency === company.currency)
            .map((list) => ({ value: list.id, label: list.name }))}
          searchable
          nothingFoundMessage={t('backoffice:prices.none', { currency: company.currency })}
          {...form.getInputProps('list')}
        />
      </Form>
    </CompanyDialog>
  )
}
