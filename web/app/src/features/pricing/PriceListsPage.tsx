import { Button, Modal, Stack, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { IconTags } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate, useSearch } from '@tanstack/react-router'
import type { PriceList } from '@/lib/api/types'
import { priceListsOf } from '@/lib/data/priceLists'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { DependentTabs } from '@/ui/DependentTabs'
import { Empty } from '@/ui/Empty'
import { Form } from '@/ui/Form'
import { type Column, List, wholeList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { Time } from '@/ui/Time'
import { useSeller } from './seller'

/** PriceListsPage lists what is charged to whom. */
export function PriceListsPage() {
  const { t } = useTranslation('pricing')
  const { open } = useSearch({ strict: false })
  const navigate = useNavigate()
  const { seller, resells } = useSeller()
  const list = wholeList(useQuery(priceListsOf(seller)))
  const create = (
    <Button onClick={() => void navigate({ to: '.', search: { open: 'new' } })}>
      {t('pricing:create')}
    </Button>
  )
  return (
    <Page
      title={t(resells ? 'ui:dependents.title' : 'ui:backOffice.title')}
      lead={t(resells ? 'pricing:resellerLead' : 'pricing:lead')}
      actions={create}
    >
      {resells ? <DependentTabs on="priceLists" /> : <BackOfficeTabs on="priceLists" />}
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
      {open === 'new' && <NewList onClose={() => void navigate({ to: '.', search: {} })} />}
    </Page>
  )
}

function useColumns(): Column<PriceList>[] {
  const { t } = useTranslation('pricing')
  const { company } = useSession()
  const { resells } = useSeller()
  return [
    {
      key: 'name',
      title: t('pricing:column.name'),
      cell: (list) => (
        <Link
          to={
            resells
              ? '/c/$company/dependents/price-lists/$list'
              : '/c/$company/back-office/price-lists/$list'
          }
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
  const { seller, resells } = useSeller()
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
        onSubmit={(values) => seller.create(values)}
        onSaved={(list) => {
          void client.invalidateQueries({ queryKey: seller.key })
          void navigate({
            to: resells
              ? '/c/$company/dependents/price-lists/$list'
              : '/c/$company/back-office/price-lists/$list',
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
