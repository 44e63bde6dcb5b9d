import { IconReceipt2 } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { Entry as LedgerEntry, Usage } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { type Column, List } from '@/ui/List'
import { TextLink } from '@/ui/links'
import { MoneyText } from '@/ui/MoneyText'
import { Page } from '@/ui/Page'
import { StateBadge } from '@/ui/StateBadge'
import { Time } from '@/ui/Time'
import { useUsageColumns } from '@/ui/useUsageColumns'

const route = getRouteApi('/c/$company/account/$entry')

/** EntryPage opens a charge into the very events it was made of, and each of them into its dialog. */
export function EntryPage() {
  const { t } = useTranslation('ledger')
  const { company, entry } = route.useParams()
  const list = useList<Usage>(['entries', company, entry, 'usage'], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/entries/{entry}/usage', {
        params: { path: { company, entry }, query: { cursor, limit: 50 } },
      }),
    ),
  )
  const { data } = useQuery({
    queryKey: ['entries', company, entry],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/entries/{entry}', {
          params: { path: { company, entry } },
        }),
      ),
  })
  return (
    <Page
      title={t('ledger:usage.title')}
      lead={data ? <Entry entry={data} /> : t('ledger:usage.lead')}
      above={
        <TextLink to="/c/$company/account" params={{ company }} size="sm">
          ← {t('ledger:title')}
        </TextLink>
      }
    >
      <List
        label={t('ledger:usage.title')}
        list={list}
        columns={useColumns(list.rows ?? [])}
        rowKey={(usage) => `${usage.reference} ${usage.item} ${usage.phase}`}
        empty={
          <Empty
            picture={<IconReceipt2 />}
            title={t('ledger:usage.empty')}
            text={t('ledger:usage.emptyText')}
          />
        }
      />
    </Page>
  )
}

function Entry({ entry }: { entry: LedgerEntry }) {
  const { t } = useTranslation('ledger')
  return (
    <>
      {t(`ledger:kind.${entry.kind}`)} · <CopyId id={entry.id} label={String(entry.number)} /> ·{' '}
      <Time at={entry.at} /> · <MoneyText amount={entry.amount} currency={entry.currency} signed />
    </>
  )
}

const meanings = {
  held: 'info',
  captured: 'good',
  released: 'neutral',
  refunded: 'warning',
} as const

function useColumns(rows: Usage[]): Column<Usage>[] {
  const { t } = useTranslation('ledger')
  const { company } = useSession()
  const shared = useUsageColumns(rows)
  const columns: (Column<Usage> | false)[] = [
    shared.item,
    shared.at,
    {
      key: 'phase',
      title: t('ledger:usage.phase'),
      cell: (usage) => (
        <StateBadge meaning={meanings[usage.phase]}>{t(`ledger:phase.${usage.phase}`)}</StateBadge>
      ),
    },
    shared.company,
    shared.quantity,
    shared.amount,
    rows.some((usage) => usage.wholesale_amount !== undefined) && {
      key: 'wholesale',
      title: t('ledger:usage.wholesale'),
      align: 'end',
      cell: ({ wholesale_amount: amount }) =>
        amount !== undefined && <MoneyText amount={amount} currency={company.currency} />,
    },
    shared.reference,
  ]
  return columns.filter((column) => column !== false)
}
