import { Button, Modal, Stack, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { IconTags } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { PriceList } from '@/lib/api/types'
import { priceListsQuery } from '@/lib/data/priceLists'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { Empty } from '@/ui/Empty'
import { Form } from '@/ui/Form'
import { type Column, List, wholeList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { Time } from '@/ui/Time'

const route = getRouteApi('/c/$company/back-office/price-lists')

/** PriceListsPage lists what is charged to whom. */
export function PriceListsPage() {
  const { t } = useTranslation('pricing')
  const { open } = route.useSearch()
  const navigate = route.useNavigate()
  const list = wholeList(useQuery(priceListsQuery))
  const create = (
    <Button onClick={() => void navigate({ search: { open: 'new' } })}>
      {t('pricing:create')}
    </Button>
  )
  return (
    <Page title={t('ui:backOffice.title')} lead={t('pricing:lead')} actions={create}>
      <BackOfficeTabs on="priceLists" />
      <List
        label={t('ui:backOffice.priceLists')}
        list={list}
        columns={useColumns()}
        rowKey={(one) => one.id}
        empty={
          <Empty
            picture={<IconTags />}
            title={t('pricing:empty')}
            text={t('pricing:emptyText')}
            action={create}
          />
        }
      />
      {open === 'new' && <NewList onClose={() => void navigate({ search: {} })} />}
    </Page>
  )
}

function useColumns(): Column<PriceList>[] {
  const { t } = useTranslation('pricing')
  const { company } = useSession()
  return [
    {
      key: 'name',
      title: t('pricing:column.name'),
      cell: (list) => (
        <Link
          to="/c/$company/back-office/price-lists/$list"
          params={{ company: company.id, list: list.id }}
          className="rowLink"
        >
          {list.name}
        </Link>
      ),
    },
    { key: 'currency', title: t('pricing:column.currency'), cell: (list) => list.currency },
    {
      key: 'companies',
      title: t('pricing:column.companies'),
      align: 'end',
      cell: (list) => list.companies,
    },
    {
      key: 'created',
      title: t('pricing:column.created'),
      cell: (list) => <Time at={list.created_at} as="date" />,
    },
  ]
}

function NewList({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('pricing')
  const { company } = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: { name: '', currency: company.currency },
    validate: {
      name: isNotEmpty(t('errors:field.required')),
      currency: (value) => (/^[A-Z]{3}$/.test(value) ? null : t('pricing:badCurrency')),
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('pricing:new')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Form
        form={form}
        submit={t('pricing:create')}
        pristineAllowed
        onCancel={onClose}
        onSubmit={(values) => ok(api.POST('/api/v1/back-office/price-lists', { body: values }))}
        onSaved={(list) => {
          void client.invalidateQueries({ queryKey: priceListsQuery.queryKey })
          void navigate({
            to: '/c/$company/back-office/price-lists/$list',
            params: { company: company.id, list: list.id },
          })
        }}
      >
        <Stack gap="md">
          <TextInput
            label={t('pricing:column.name')}
            maxLength={100}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <TextInput
            label={t('pricing:column.currency')}
            description={t('pricing:currencyHelp')}
            maxLength={3}
            {...form.getInputProps('currency')}
          />
        </Stack>
      </Form>
    </Modal>
  )
}
