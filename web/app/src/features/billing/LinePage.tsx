import { IconFileInvoice } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { InvoiceUsage } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { invoiceQuery } from '@/lib/data/invoices'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { type Column, List } from '@/ui/List'
import { TextLink } from '@/ui/links'
import { MoneyText } from '@/ui/MoneyText'
import { Page } from '@/ui/Page'
import { Time } from '@/ui/Time'

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

/** Item leads to the message itself, in its dialog, where one may see it. */
function Item({ usage }: { usage: InvoiceUsage }) {
  const { t } = useTranslation('billing')
  const { company, may } = useSession()
  const name = itemName(t, usage.item)
  const ours = usage.company === company.id && usage.item.startsWith('chat.')
  if (!ours || !may('panel.use')) return name
  return (
    <TextLink
      to="/c/$company/messages/$message"
      params={{ company: company.id, message: usage.reference }}
      title={t('billing:usage.open')}
    >
      {name}
    </TextLink>
  )
}

function useColumns(rows: InvoiceUsage[]): Column<InvoiceUsage>[] {
  const { t } = useTranslation('billing')
  const { company } = useSession()
  const locale = useLocale()
  const columns: (Column<InvoiceUsage> | false)[] = [
    {
      key: 'item',
      title: t('billing:usage.item'),
      cell: (usage) => <Item usage={usage} />,
    },
    {
      key: 'at',
      title: t('billing:usage.at'),
      cell: (usage) => <Time at={usage.at} seconds />,
    },
    rows.some((usage) => usage.company !== company.id) && {
      key: 'company',
      title: t('billing:column.company'),
      align: 'end',
      cell: (usage) => usage.company,
    },
    {
      key: 'quantity',
      title: t('billing:lines.quantity'),
      align: 'end',
      cell: (usage) => usage.quantity.toLocaleString(locale),
    },
    {
      key: 'amount',
      title: t('billing:lines.amount'),
      align: 'end',
      cell: (usage) => <MoneyText amount={usage.amount} currency={company.currency} />,
    },
    {
      key: 'reference',
      title: t('billing:usage.reference'),
      wideOnly: true,
      cell: (usage) => <CopyId id={usage.reference} label={`…${usage.reference.slice(-12)}`} />,
    },
  ]
  return columns.filter((column) => column !== false)
}
