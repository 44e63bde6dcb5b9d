import { Button } from '@mantine/core'
import { IconFileInvoice } from '@tabler/icons-react'
import { getRouteApi, Link } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { ListedInvoice } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useTranslation } from '@/lib/i18n/i18n'
import { openTopUp } from '@/lib/openTopUp'
import { instants } from '@/lib/period'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { type Column, List } from '@/ui/List'
import { Page } from '@/ui/Page'
import { Time } from '@/ui/Time'
import classes from './billing.module.css'
import { Filters, usePeriod } from './Filters'
import { isFiltered } from './model'
import { Kind, Paper, useSharedColumns } from './parts'
import { pdfOf } from './pdf'
import type { InvoiceSearch } from './search'
import { useFresh } from './useFresh'

const route = getRouteApi('/c/$company/statistics/invoices')

/** InvoicesPage lists what the company was billed, by itself those of the month that runs. */
export function InvoicesPage() {
  const { t } = useTranslation('billing')
  const { company, may } = useSession()
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const period = usePeriod(search)
  const { q, kind, state, sort = '-issued_at' } = search
  const query = { number: q, kind, state, ...instants(period, company.time_zone), sort }
  const list = useList<ListedInvoice>(['invoices', company.id, 'list', query], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/invoices', {
        params: { path: { company: company.id }, query: { ...query, cursor, limit: 50 } },
      }),
    ),
  )
  useFresh()
  const change = (next: InvoiceSearch, replace = false) => void navigate({ search: next, replace })
  return (
    <Page
      title={t('billing:title')}
      lead={t('billing:lead')}
      actions={may('invoices.create') && <Button onClick={openTopUp}>{t('billing:create')}</Button>}
    >
      <Filters
        search={search}
        placeholder={t('billing:search')}
        period={period}
        onChange={change}
      />
      <List
        label={t('billing:title')}
        list={list}
        columns={useColumns()}
        rowKey={(invoice) => invoice.id}
        sorting={{
          by: sort,
          onChange: (by) => void navigate({ search: { ...search, sort: by as typeof sort } }),
        }}
        empty={<Nothing search={search} onChange={change} />}
      />
    </Page>
  )
}

/** Nothing says why there are none, and shows those of all time when the period may be to blame. */
function Nothing(props: { search: InvoiceSearch; onChange: (next: InvoiceSearch) => void }) {
  const { search, onChange } = props
  const { t } = useTranslation('billing')
  const narrowed = search.period !== 'all'
  const filtered = isFiltered({ ...search, period: undefined })
  const why = filtered ? 'filter' : narrowed ? 'month' : 'ever'
  return (
    <Empty
      picture={<IconFileInvoice />}
      title={t(`billing:empty.${why}`)}
      text={t(`billing:emptyText.${why}`)}
      action={
        narrowed && (
          <Button
            variant="default"
            onClick={() => onChange({ ...search, from: undefined, to: undefined, period: 'all' })}
          >
            {t('billing:allTime')}
          </Button>
        )
      }
    />
  )
}

function useColumns(): Column<ListedInvoice>[] {
  const { t } = useTranslation('billing')
  const { company } = useSession()
  const shared = useSharedColumns()
  return [
    {
      key: 'number',
      title: t('billing:column.number'),
      cell: (invoice) => (
        <>
          <Link
            to="/c/$company/statistics/invoices/$invoice"
            params={{ company: company.id, invoice: invoice.id }}
            className="rowLink numbers"
          >
            {invoice.number}
          </Link>
          <span className={classes.below}>
            <CopyId id={invoice.id} label={`…${invoice.id.slice(-8)}`} />
          </span>
        </>
      ),
    },
    {
      key: 'kind',
      title: t('billing:column.kind'),
      cell: (invoice) => <Kind invoice={invoice} />,
    },
    shared.issued,
    shared.due,
    shared.total,
    shared.state,
    {
      key: 'paid',
      title: t('billing:column.paid'),
      wideOnly: true,
      cell: (invoice) => (invoice.paid_at ? <Time at={invoice.paid_at} as="date" /> : '–'),
    },
    {
      key: 'file',
      title: t('billing:column.file'),
      cell: (invoice) => <Paper invoice={invoice} href={pdfOf(company.id, invoice.id)} />,
    },
  ]
}
