import { formatMoney } from '@parley/shared/money'
import { IconReceipt2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { Entry, EntryKind } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { instants } from '@/lib/period'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { ClearFilters } from '@/ui/FilterChips'
import { type Column, List } from '@/ui/List'
import { MoneyText } from '@/ui/MoneyText'
import { Page } from '@/ui/Page'
import { PeriodPicker } from '@/ui/PeriodPicker'
import { TabLinks } from '@/ui/TabLinks'
import { Time } from '@/ui/Time'
import { Toolbar } from '@/ui/Toolbar'
import classes from './AccountPage.module.css'
import { BalanceRow } from './BalanceRow'

const route = getRouteApi('/c/$company/account')
const kinds: EntryKind[] = ['charge', 'deposit', 'refund', 'adjustment']

/** AccountPage shows every movement of the company's money with the balance after it. */
export function AccountPage() {
  const { t } = useTranslation('ledger')
  const { company } = useSession()
  const { kind, from, to } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useList<Entry>(['entries', company.id, kind, from, to], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/entries', {
        params: {
          path: { company: company.id },
          query: { kind, ...instants({ from, to }, company.time_zone), cursor, limit: 50 },
        },
      }),
    ),
  )
  const filtered = Boolean(from || to)
  return (
    <Page title={t('ledger:title')} lead={t('ledger:lead')}>
      <BalanceRow />
      <TabLinks
        label={t('ledger:kinds')}
        tabs={[undefined, ...kinds].map((one) => ({
          key: one ?? 'all',
          label: t(`ledger:tab.${one ?? 'all'}`),
          on: one === kind,
          link: {
            to: '/c/$company/account',
            params: { company: company.id },
            search: { kind: one, from, to },
          },
        }))}
      />
      <Toolbar>
        <PeriodPicker
          value={{ from, to }}
          onChange={(period) => void navigate({ search: (old) => ({ kind: old.kind, ...period }) })}
        />
        <ClearFilters
          on={filtered}
          onClear={() => void navigate({ search: (old) => ({ kind: old.kind }) })}
        />
        <Total kind={kind} from={from} to={to} />
      </Toolbar>
      <List
        label={t('ledger:title')}
        list={list}
        columns={useColumns()}
        rowKey={(entry) => entry.id}
        empty={
          <Empty
            picture={<IconReceipt2 />}
            title={t(filtered ? 'ledger:nothing' : 'ledger:empty')}
            text={t(filtered ? 'ledger:nothingText' : 'ledger:emptyText')}
          />
        }
      />
    </Page>
  )
}

/** Total sums the whole period, however many rows are loaded. */
function Total({ kind, from, to }: { kind: EntryKind | undefined; from?: string; to?: string }) {
  const { t } = useTranslation('ledger')
  const locale = useLocale()
  const { company } = useSession()
  const { data } = useQuery({
    queryKey: ['entries', company.id, 'totals', from, to],
    enabled: kind !== undefined,
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/entries', {
          params: {
            path: { company: company.id },
            query: { ...instants({ from, to }, company.time_zone), limit: 1 },
          },
        }),
      ),
  })
  const total = kind && data?.totals.find((one) => one.kind === kind)
  if (!total) return null
  const sum = formatMoney({ amount: total.amount, currency: company.currency }, locale, {
    signed: true,
  })
  return <span className={classes.total}>{t('ledger:total', { sum })}</span>
}

function useColumns(): Column<Entry>[] {
  const { t } = useTranslation('ledger')
  return [
    {
      key: 'what',
      title: t('ledger:column.what'),
      cell: (entry) => <What entry={entry} />,
    },
    {
      key: 'at',
      title: t('ledger:column.at'),
      width: '190px',
      cell: (entry) => <Time at={entry.at} />,
    },
    {
      key: 'number',
      title: t('ledger:column.number'),
      align: 'end',
      width: '110px',
      wideOnly: true,
      cell: (entry) => <CopyId id={entry.id} label={String(entry.number)} />,
    },
    {
      key: 'amount',
      title: t('ledger:column.amount'),
      align: 'end',
      width: '150px',
      cell: (entry) => <MoneyText amount={entry.amount} currency={entry.currency} signed />,
    },
    {
      key: 'after',
      title: t('ledger:column.after'),
      align: 'end',
      width: '170px',
      cell: (entry) => <MoneyText amount={entry.balance_after} currency={entry.currency} warn />,
    },
  ]
}

/** What names an entry; one that stands for usage leads to it. */
function What({ entry }: { entry: Entry }) {
  const { t } = useTranslation('ledger')
  const { company } = useSession()
  if (!entry.item) {
    return (
      <>
        <span className={classes.kind}>
          {t(entry.welcome_credit ? 'ledger:kind.welcome' : `ledger:kind.${entry.kind}`)}
        </span>
        {entry.reason && <span className={classes.soft}>{entry.reason}</span>}
      </>
    )
  }
  return (
    <>
      <Link
        to="/c/$company/account/$entry"
        params={{ company: company.id, entry: entry.id }}
        className="rowLink"
      >
        {itemName(t, entry.item)}
        {entry.quantity !== null && ` × ${entry.quantity}`}
      </Link>
      <span className={classes.soft}>{entry.reason || t(`ledger:kind.${entry.kind}`)}</span>
    </>
  )
}
