import { ActionIcon, Button } from '@mantine/core'
import { IconAddressBook, IconUserMinus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { ContactEntry, ContactList } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { ClearFilters } from '@/ui/FilterChips'
import { type Column, List } from '@/ui/List'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { Toolbar } from '@/ui/Toolbar'
import { toastProblem } from '@/ui/toast'
import { listQuery } from './data'
import { ImportDialog } from './import/ImportDialog'
import { RenameDialog } from './RenameDialog'

const route = getRouteApi('/c/$company/contact-lists/$list')

/** Variables beyond these would make the table too wide; an entry has them all on hovering. */
const shownColumns = 4

/** ContactListPage shows the contacts of a list with their variables. */
export function ContactListPage() {
  const { t } = useTranslation('contact')
  const locale = useLocale()
  const { company } = useSession()
  const { list: id } = route.useParams()
  const { q, import: opened } = route.useSearch()
  const navigate = route.useNavigate()
  const [renaming, setRenaming] = useState(false)
  const { data: list, error, refetch } = useQuery(listQuery(company.id, id))
  const open = (next: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, import: next }) })
  return (
    <Page
      title={list?.name ?? t('contact:one')}
      lead={
        list && (
          <>
            {t('contact:count', {
              count: list.contacts,
              shown: list.contacts.toLocaleString(locale),
            })}{' '}
            <CopyId id={list.id} label={`№ ${list.number}`} />
          </>
        )
      }
      above={
        <TextLink to="/c/$company/contact-lists" params={{ company: company.id }} size="sm">
          ← {t('contact:title')}
        </TextLink>
      }
      actions={
        list && (
          <>
            <Button variant="default" onClick={() => setRenaming(true)}>
              {t('contact:rename')}
            </Button>
            <Button onClick={() => open('new')}>{t('contact:import.more')}</Button>
          </>
        )
      }
    >
      {error && !list && <ErrorState error={error} onRetry={() => void refetch()} />}
      {list && (
        <>
          <Toolbar>
            <SearchField
              value={q ?? ''}
              placeholder={t('contact:searchEntries')}
              onChange={(next) =>
                void navigate({ search: { q: next || undefined }, replace: true })
              }
            />
            <ClearFilters on={q !== undefined} onClear={() => void navigate({ search: {} })} />
          </Toolbar>
          <Entries list={list} query={q} />
        </>
      )}
      {list && renaming && <RenameDialog list={list} onClose={() => setRenaming(false)} />}
      {list && opened && <ImportDialog opened={opened} into={list} onOpen={open} />}
    </Page>
  )
}

function Entries({ list, query }: { list: ContactList; query: string | undefined }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const rows = useList<ContactEntry>(
    ['contact-lists', company.id, list.id, 'entries', query],
    (cursor) =>
      ok(
        api.GET('/api/v1/companies/{company}/contact-lists/{list}/entries', {
          params: {
            path: { company: company.id, list: list.id },
            query: { query, cursor, limit: 50 },
          },
        }),
      ),
  )
  return (
    <List
      label={list.name}
      list={rows}
      columns={useColumns(list)}
      rowKey={(row) => row.n}
      rowActions={(row) => <Remove list={list} entry={row} />}
      empty={
        <Empty
          picture={<IconAddressBook />}
          title={t(query ? 'contact:nothing' : 'contact:emptyList')}
          text={t(query ? 'contact:nothingText' : 'contact:emptyListText')}
        />
      }
    />
  )
}

function useColumns(list: ContactList): Column<ContactEntry>[] {
  const { t } = useTranslation('contact')
  return [
    { key: 'name', title: t('contact:entry.name'), cell: (row) => row.name },
    {
      key: 'phone',
      title: t('contact:entry.phone'),
      cell: (row) => <span className="numbers">{row.phone || '–'}</span>,
    },
    { key: 'email', title: t('contact:entry.email'), cell: (row) => row.email || '–' },
    ...list.columns.slice(0, shownColumns).map((name) => ({
      key: `variable ${name}`,
      title: name,
      wideOnly: true,
      cell: (row: ContactEntry) => row.variables[name] || '–',
    })),
  ]
}

function Remove({ list, entry }: { list: ContactList; entry: ContactEntry }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/contact-lists/{list}/entries/remove', {
          params: { path: { company: company.id, list: list.id } },
          body: { contacts: [entry.contact] },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['contact-lists', company.id] }),
    onError: (error) => toastProblem(t, error),
  })
  return (
    <ActionIcon
      aria-label={`${t('contact:entry.remove')}: ${entry.name}`}
      title={t('contact:entry.remove')}
      loading={remove.isPending}
      onClick={() => remove.mutate()}
    >
      <IconUserMinus size={16} />
    </ActionIcon>
  )
}
