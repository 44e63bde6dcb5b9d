import { ActionIcon, Button } from '@mantine/core'
import { IconAddressBook, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { ContactList } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { useConfirm } from '@/ui/Confirm'
import { Empty } from '@/ui/Empty'
import { ClearFilters } from '@/ui/FilterChips'
import { type Column, List } from '@/ui/List'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { Time } from '@/ui/Time'
import { Toolbar } from '@/ui/Toolbar'
import { toastProblem } from '@/ui/toast'
import { ContactSections } from './ContactSections'
import { ImportDialog } from './import/ImportDialog'

const route = getRouteApi('/c/$company/contact-lists')

/** ContactListsPage lists the sets of contacts that campaigns go to. */
export function ContactListsPage() {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const { q, import: opened } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useList<ContactList>(['contact-lists', company.id, 'list', q], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/contact-lists', {
        params: { path: { company: company.id }, query: { query: q, cursor, limit: 50 } },
      }),
    ),
  )
  const open = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, import: id }) })
  const create = <Button onClick={() => open('new')}>{t('contact:import.open')}</Button>
  return (
    <Page title={t('contact:title')} lead={t('contact:lead')} actions={create}>
      <ContactSections on="lists" />
      <Toolbar>
        <SearchField
          value={q ?? ''}
          placeholder={t('contact:search')}
          onChange={(next) => void navigate({ search: { q: next || undefined }, replace: true })}
        />
        <ClearFilters on={q !== undefined} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('contact:title')}
        list={list}
        columns={useColumns(company.id)}
        rowKey={(row) => row.id}
        rowActions={(row) => <Remove list={row} />}
        empty={
          <Empty
            picture={<IconAddressBook />}
            title={t(q ? 'contact:nothing' : 'contact:empty')}
            text={t(q ? 'contact:nothingText' : 'contact:emptyText')}
            action={!q && create}
          />
        }
      />
      {opened && <ImportDialog opened={opened} onOpen={open} />}
    </Page>
  )
}

function useColumns(company: number): Column<ContactList>[] {
  const { t } = useTranslation('contact')
  const locale = useLocale()
  return [
    {
      key: 'name',
      title: t('contact:column.name'),
      cell: (row) => (
        <Link
          to="/c/$company/contact-lists/$list"
          params={{ company, list: row.id }}
          className="rowLink"
        >
          {row.name}
        </Link>
      ),
    },
    {
      key: 'contacts',
      title: t('contact:column.contacts'),
      align: 'end',
      cell: (row) => <span className="numbers">{row.contacts.toLocaleString(locale)}</span>,
    },
    {
      key: 'columns',
      title: t('contact:column.variables'),
      wideOnly: true,
      cell: (row) => row.columns.join(', ') || '–',
    },
    {
      key: 'created',
      title: t('contact:column.created'),
      cell: (row) => <Time at={row.created_at} />,
    },
  ]
}

function Remove({ list }: { list: ContactList }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const confirm = useConfirm()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/contact-lists/{list}', {
          params: { path: { company: company.id, list: list.id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['contact-lists', company.id] }),
    onError: (error) => toastProblem(t, error),
  })
  const ask = async () => {
    const sure = await confirm({
      title: t('contact:removeTitle', { name: list.name }),
      text: t('contact:removeText'),
      action: t('contact:remove'),
      danger: true,
    })
    if (sure) remove.mutate()
  }
  return (
    <ActionIcon
      aria-label={`${t('contact:remove')}: ${list.name}`}
      loading={remove.isPending}
      onClick={() => void ask()}
    >
      <IconTrash size={16} />
    </ActionIcon>
  )
}
