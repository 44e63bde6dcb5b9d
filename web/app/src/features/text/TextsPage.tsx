import { Button, CloseButton, Select } from '@mantine/core'
import { useInterval } from '@mantine/hooks'
import { IconMail, IconMessage, IconSend } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { api, ok } from '@/lib/api/client'
import type { ListedText, TextState as State } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { campaignQuery, isMoving, textsOf } from '@/lib/data/texts'
import { useTranslation } from '@/lib/i18n/i18n'
import { instants } from '@/lib/period'
import { useSession } from '@/lib/session/session'
import { CampaignTabs } from '@/ui/CampaignTabs'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { ClearFilters, FilterChips } from '@/ui/FilterChips'
import { type Column, List } from '@/ui/List'
import { Page } from '@/ui/Page'
import { PeriodPicker } from '@/ui/PeriodPicker'
import { SearchField } from '@/ui/SearchField'
import { reasonText, TextState } from '@/ui/TextState'
import { Time } from '@/ui/Time'
import { Toolbar } from '@/ui/Toolbar'
import { SendDialog } from './SendDialog'
import { type TextSearch, textChannels, textStates } from './search'
import classes from './text.module.css'

const route = getRouteApi('/c/$company/campaigns/messages')

/** TextsPage is the log of all messages, of campaigns and single ones. */
export function TextsPage() {
  const { t } = useTranslation('text')
  const { company, may } = useSession()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { q, channel, state, reason, campaign, from, to, open } = search
  const query = {
    ...{ q, channel, state, reason, campaign },
    ...instants({ from, to }, company.time_zone),
  }
  const list = useList<ListedText>([...textsOf(company.id), 'list', query], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/texts', {
        params: { path: { company: company.id }, query: { ...query, cursor, limit: 50 } },
      }),
    ),
  )
  useFollowing(list.rows)
  const change = (next: TextSearch, replace = false) => void navigate({ search: next, replace })
  const send = may('texts.send') && (
    <Button
      leftSection={<IconSend size={16} aria-hidden />}
      onClick={() => change({ ...search, open: 'new' })}
    >
      {t('text:send.open')}
    </Button>
  )
  const filtered = Boolean(q || channel || state || reason || campaign || from || to)
  return (
    <Page title={t('text:title')} lead={t('text:lead')} actions={send}>
      <CampaignTabs on="messages" />
      <Filters search={search} onChange={change} />
      <List
        label={t('text:title')}
        list={list}
        columns={useColumns()}
        rowKey={(text) => text.id}
        empty={
          <Empty
            picture={<IconMessage />}
            title={t(filtered ? 'text:nothing' : 'text:empty')}
            text={t(filtered ? 'text:nothingText' : 'text:emptyText')}
            action={!filtered && send}
          />
        }
      />
      {open && <SendDialog onClose={() => change({ ...search, open: undefined })} />}
    </Page>
  )
}

/** useFollowing reads the list again while messages of it are on their way. */
function useFollowing(rows: ListedText[] | undefined): void {
  const { company } = useSession()
  const client = useQueryClient()
  const { start, stop } = useInterval(
    () => void client.invalidateQueries({ queryKey: [...textsOf(company.id), 'list'] }),
    3_000,
  )
  const following = rows?.some(isMoving) ?? false
  useEffect(() => {
    if (following) start()
    return stop
  }, [following, start, stop])
}

interface FiltersProps {
  search: TextSearch
  onChange: (search: TextSearch, typing?: boolean) => void
}

function Filters({ search, onChange }: FiltersProps) {
  const { t } = useTranslation('text')
  const { q, channel, state, reason, campaign, from, to } = search
  return (
    <>
      <Toolbar>
        <SearchField
          value={q ?? ''}
          placeholder={t('text:search')}
          onChange={(next) => onChange({ ...search, q: next || undefined }, true)}
        />
        <PeriodPicker
          value={{ from, to }}
          onChange={(period) => onChange({ ...search, ...period })}
        />
        <Select
          aria-label={t('text:filter.state')}
          placeholder={t('text:filter.anyState')}
          data={textStates.map((value) => ({ value, label: t(`text:state.${value}`) }))}
          value={state ?? null}
          onChange={(next) =>
            onChange({ ...search, state: (next as State | null) ?? undefined, reason: undefined })
          }
          clearable
          className={classes.state}
        />
        <ClearFilters
          on={Boolean(q || channel || state || reason || campaign || from || to)}
          onClear={() => onChange({})}
        />
      </Toolbar>
      <Toolbar>
        <FilterChips
          label={t('text:filter.channel')}
          options={textChannels.map((value) => ({ value, label: t(`text:channel.${value}`) }))}
          value={channel}
          onChange={(next) => onChange({ ...search, channel: next })}
        />
        {campaign && (
          <Taken onRemove={() => onChange({ ...search, campaign: undefined })}>
            <CampaignName id={campaign} />
          </Taken>
        )}
        {reason && (
          <Taken onRemove={() => onChange({ ...search, reason: undefined })}>
            {reasonText(t, reason)}
          </Taken>
        )}
      </Toolbar>
    </>
  )
}

/** Taken is a filter that was chosen elsewhere and can only be taken off here. */
function Taken({ children, onRemove }: { children: React.ReactNode; onRemove: () => void }) {
  const { t } = useTranslation('text')
  return (
    <span className={classes.taken}>
      {children}
      <CloseButton size="xs" aria-label={t('text:filter.remove')} onClick={onRemove} />
    </span>
  )
}

function CampaignName({ id }: { id: string }) {
  const { t } = useTranslation('text')
  const { company } = useSession()
  const { data } = useQuery(campaignQuery(company.id, id))
  return t('text:filter.campaign', { name: data?.name ?? '…' })
}

function useColumns(): Column<ListedText>[] {
  const { t } = useTranslation('text')
  const { company } = useSession()
  return [
    {
      key: 'to',
      title: t('text:column.to'),
      cell: (text) => (
        <>
          <Link
            to="/c/$company/campaigns/messages/$text"
            params={{ company: company.id, text: text.id }}
            className="rowLink numbers"
          >
            {text.to || t('text:noAddress')}
          </Link>
          <span className={classes.below}>
            <CopyId id={text.id} label={`…${text.id.slice(-8)}`} />
            {text.external_id && <span> · {text.external_id}</span>}
          </span>
        </>
      ),
    },
    {
      key: 'channel',
      title: t('text:column.channel'),
      cell: (text) => <Channel text={text} />,
    },
    {
      key: 'from',
      title: t('text:column.from'),
      wideOnly: true,
      cell: (text) => text.from || '–',
    },
    {
      key: 'state',
      title: t('text:column.state'),
      cell: (text) => <TextState text={text} />,
    },
    {
      key: 'campaign',
      title: t('text:column.campaign'),
      wideOnly: true,
      cell: (text) => t(text.campaign ? 'text:inCampaign' : 'text:single'),
    },
    {
      key: 'parts',
      title: t('text:column.parts'),
      align: 'end',
      width: '80px',
      cell: (text) => text.parts,
    },
    {
      key: 'at',
      title: t('text:column.at'),
      width: '180px',
      cell: (text) => <Time at={text.created_at} seconds />,
    },
  ]
}

function Channel({ text }: { text: ListedText }) {
  const { t } = useTranslation('text')
  const Icon = text.channel === 'sms' ? IconMessage : IconMail
  return (
    <span className={classes.channel}>
      <Icon size={16} stroke={1.6} aria-hidden />
      {t(`text:channel.${text.channel}`)}
    </span>
  )
}
