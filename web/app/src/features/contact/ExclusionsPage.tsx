import { ActionIcon, Button, Select } from '@mantine/core'
import { IconShieldOff, IconTrash } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { Exclusion } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useTranslation } from '@/lib/i18n/i18n'
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
import { ExclusionDialog } from './ExclusionDialog'
import { channels, reasons } from './search'

const route = getRouteApi('/c/$company/contact-lists/exclusions')

/** ExclusionsPage lists addresses that must not be written to, each with its reason. */
export function ExclusionsPage() {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { q, channel, reason, open } = search
  const query = { query: q, channel, reason }
  const list = useList<Exclusion>(['exclusions', company.id, query], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/exclusions', {
        params: { path: { company: company.id }, query: { ...query, cursor, limit: 50 } },
      }),
    ),
  )
  const change = (next: Partial<typeof search>) =>
    void navigate({ search: { ...search, ...next }, replace: true })
  const filtered = Boolean(q || channel || reason)
  const create = (
    <Button onClick={() => change({ open: 'new' })}>{t('contact:exclusion.add')}</Button>
  )
  return (
    <Page title={t('contact:title')} lead={t('contact:exclusion.lead')} actions={create}>
      <ContactSections on="exclusions" />
      <Toolbar>
        <SearchField
          value={q ?? ''}
          placeholder={t('contact:exclusion.search')}
          onChange={(next) => change({ q: next || undefined })}
        />
        <Select
          aria-label={t('contact:exclusion.channel')}
          placeholder={t('contact:exclusion.anyChannel')}
          clearable
          data={channels.map((value) => ({ value, label: t(`contact:channel.${value}`) }))}
          value={channel ?? null}
          onChange={(value) => change({ channel: (value ?? undefined) as typeof channel })}
        />
        <Select
          aria-label={t('contact:exclusion.reason')}
          placeholder={t('contact:exclusion.anyReason')}
          clearable
          data={reasons.map((value) => ({ value, label: t(`contact:reason.${value}`) }))}
          value={reason ?? null}
          onChange={(value) => change({ reason: (value ?? undefined) as typeof reason })}
        />
        <ClearFilters on={filtered} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('contact:sections.exclusions')}
        list={list}
        columns={useColumns()}
        rowKey={(row) => row.id}
        rowActions={(row) => <Remove exclusion={row} />}
        empty={
          <Empty
            picture={<IconShieldOff />}
            title={t(filtered ? 'contact:nothing' : 'contact:exclusion.empty')}
            text={t(filtered ? 'contact:nothingText' : 'contact:exclusion.emptyText')}
            action={!filtered && create}
          />
        }
      />
      {open && <ExclusionDialog onClose={() => change({ open: undefined })} />}
    </Page>
  )
}

function useColumns(): Column<Exclusion>[] {
  const { t } = useTranslation('contact')
  return [
    {
      key: 'address',
      title: t('contact:exclusion.address'),
      cell: (row) => <span className="numbers">{row.address}</span>,
    },
    {
      key: 'channel',
      title: t('contact:exclusion.channel'),
      cell: (row) => t(`contact:channel.${row.channel}`),
    },
    {
      key: 'reason',
      title: t('contact:exclusion.reason'),
      cell: (row) => t(`contact:reason.${row.reason}`),
    },
    {
      key: 'since',
      title: t('contact:exclusion.since'),
      cell: (row) => <Time at={row.created_at} />,
    },
  ]
}

function Remove({ exclusion }: { exclusion: Exclusion }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const confirm = useConfirm()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/exclusions/remove', {
          params: { path: { company: company.id } },
          body: { exclusions: [exclusion.id] },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: ['exclusions', company.id] }),
    onError: (error) => toastProblem(t, error),
  })
  const ask = async () => {
    const sure = await confirm({
      title: t('contact:exclusion.removeTitle', { address: exclusion.address }),
      text: t(`contact:exclusion.removeText.${exclusion.reason}`),
      action: t('contact:exclusion.remove'),
      danger: true,
    })
    if (sure) remove.mutate()
  }
  return (
    <ActionIcon
      aria-label={`${t('contact:exclusion.remove')}: ${exclusion.address}`}
      loading={remove.isPending}
      onClick={() => void ask()}
    >
      <IconTrash size={16} />
    </ActionIcon>
  )
}
