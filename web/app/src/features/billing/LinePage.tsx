import { IconFileInvoice } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { InvoiceUsage } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { invoiceQuery } from '@/lib/data/invoices'
import { useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { Empty } from '@/ui/Empty'
import { type Column, List } from '@/ui/List'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { useUsageColumns } from '@/ui/useUsageColumns'

const route = getRouteApi('/c/$company/statistics/invoices/$invoice/lines/$line')

/** LinePage opens a line of an invoice into what it was charged for, down to the messages. */
export function LinePage() {
  const { t } = useTranslation('billing')
  const { company, invoice: id, line } = route.useParams()
  const n = Number(line)
  const list = useList<InvoiceUsage>(['invoices', company, id, 'usage', n], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/invoices/{invoice}/lines/{n}/usage', {
        params: { path: { company, invoice: id, n }, query: { cursor, limit: 50 } },
      }),
    ),
  )
  const { data: invoice } = useQuery(invoiceQuery(company, id))
  const shown = invoice?.lines.find((one) => one.n === n)
  return (
    <Page
      title={shown?.item ? itemName(t, shown.item) : t('billing:usage.title')}
      lead={t('billing:usage.lead')}
      above={
        <TextLink
          to="/c/$company/statistics/invoices/$invoice"
          params={{ company, invoice: id }}
          size="sm"
        >
          ← {invoice ? t('billing:one', { number: invoice.number }) : t('billing:title')}
        </TextLink>
      }
    >
      <List
        label={t('billing:usage.title')}
        list={list}
        columns={useColumns(list.rows ?? [])}
        rowKey={(usage) => `${usage.reference} ${usage.item} ${usage.at} ${usage.quantity}`}
        empty={
          <Empty
            picture={<IconFileInvoice />}
            title={t('billing:usage.empty')}
            text={t('billing:usage.emptyText')}
          />
        }
      />
    </Page>
  )
}

function useColumns(rows: InvoiceUsage[]): Column<InvoiceUsage>[] {
  const { item, at, company, quantity, amount, reference } = useUsageColumns(rows)
  return [item, at, company, quantity, amount, reference].filter((column) => column !== false)
}
