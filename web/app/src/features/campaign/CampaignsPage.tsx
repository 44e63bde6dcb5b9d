import { useInterval } from '@mantine/hooks'
import { IconSpeakerphone } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useEffect } from 'react'
import { api, ok } from '@/lib/api/client'
import type { Campaign } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { campaignsOf, isBusy } from '@/lib/data/texts'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { CampaignTabs } from '@/ui/CampaignTabs'
import { Empty } from '@/ui/Empty'
import { ClearFilters, FilterChips } from '@/ui/FilterChips'
import { type Column, List } from '@/ui/List'
import { ButtonLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { Time } from '@/ui/Time'
import { Toolbar } from '@/ui/Toolbar'
import classes from './campaign.module.css'
import { totalsOf } from './model'
import { Bar, State } from './parts'
import { campaignStates } from './search'

const route = getRouteApi('/c/$company/campaigns')

/** CampaignsPage lists what was sent to many, with how far each has come. */
export function CampaignsPage() {
  const { t } = useTranslation('campaign')
  const { company, may } = useSession()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const { q, state } = search
  const list = useList<Campaign>([...campaignsOf(company.id), 'list', q, state], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/campaigns', {
        params: { path: { company: company.id }, query: { q, state, cursor, limit: 50 } },
      }),
    ),
  )
  useFollowing(list.rows)
  const create = may('campaigns.manage') && (
    <ButtonLink to="/c/$company/campaigns/new" params={{ company: company.id }}>
      {t('campaign:create')}
    </ButtonLink>
  )
  const filtered = Boolean(q || state)
  return (
    <Page title={t('campaign:title')} lead={t('campaign:lead')} actions={create}>
      <CampaignTabs on="campaigns" />
      <Toolbar>
        <SearchField
          value={q ?? ''}
          placeholder={t('campaign:search')}
          onChange={(next) =>
            void navigate({ search: { ...search, q: next || undefined }, replace: true })
          }
        />
        <FilterChips
          label={t('campaign:column.state')}
          options={campaignStates.map((value) => ({ value, label: t(`campaign:state.${value}`) }))}
          value={state}
          onChange={(next) => void navigate({ search: { ...search, state: next } })}
        />
        <ClearFilters on={filtered} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('campaign:title')}
        list={list}
        columns={useColumns()}
        rowKey={(campaign) => campaign.id}
        empty={
          <Empty
            picture={<IconSpeakerphone />}
            title={t(filtered ? 'campaign:nothing' : 'campaign:empty')}
            text={t(filtered ? 'campaign:nothingText' : 'campaign:emptyText')}
            action={!filtered && create}
          />
        }
      />
    </Page>
  )
}

/** useFollowing reads the list again while a campaign of it moves. */
function useFollowing(rows: Campaign[] | undefined): void {
  const { company } = useSession()
  const client = useQueryClient()
  const { start, stop } = useInterval(
    () => void client.invalidateQueries({ queryKey: [...campaignsOf(company.id), 'list'] }),
    3_000,
  )
  const following = rows?.some((one) => one.state === 'running' && isBusy(one)) ?? false
  useEffect(() => {
    if (following) start()
    return stop
  }, [following, start, stop])
}

function useColumns(): Column<Campaign>[] {
  const { t } = useTranslation('campaign', 'text')
  const { company } = useSession()
  const locale = useLocale()
  const number = (value: number) => (value > 0 ? value.toLocaleString(locale) : '–')
  return [
    {
      key: 'name',
      title: t('campaign:column.name'),
      cell: (campaign) => (
        <>
          <Link
            to="/c/$company/campaigns/$campaign"
            params={{ company: company.id, campaign: campaign.id }}
            className="rowLink"
          >
            {campaign.name}
          </Link>
          <span className={classes.below}>
            № {campaign.number} · {t(`text:channel.${campaign.steps[0]?.channel ?? 'sms'}`)} ·{' '}
            {t(`campaign:purpose.${campaign.purpose}`)}
          </span>
        </>
      ),
    },
    {
      key: 'state',
      title: t('campaign:column.state'),
      cell: (campaign) => <State campaign={campaign} />,
    },
    {
      key: 'progress',
      title: t('campaign:column.progress'),
      width: '200px',
      cell: (campaign) => <Bar campaign={campaign} />,
    },
    {
      key: 'delivered',
      title: t('campaign:column.delivered'),
      align: 'end',
      cell: (campaign) => number(totalsOf(campaign).delivered),
    },
    {
      key: 'failed',
      title: t('campaign:column.failed'),
      align: 'end',
      wideOnly: true,
      cell: (campaign) => number(totalsOf(campaign).failed),
    },
    {
      key: 'started',
      title: t('campaign:column.started'),
      width: '170px',
      cell: ({ started_at, starts_at }) =>
        started_at ? (
          <Time at={started_at} />
        ) : starts_at ? (
          <span className={classes.soft}>
            {t('campaign:startsAt')} <Time at={starts_at} />
          </span>
        ) : (
          '–'
        ),
    },
  ]
}
