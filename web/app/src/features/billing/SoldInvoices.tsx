import { Button } from '@mantine/core'
import { micros } from '@parley/shared/money'
import { IconFileInvoice } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import type { ListedInvoice } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useTranslation } from '@/lib/i18n/i18n'
import { instants } from '@/lib/period'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { type Column, List } from '@/ui/List'
import { MoneyText } from '@/ui/MoneyText'
import classes from './billing.module.css'
import { Filters } from './Filters'
import { awaitsMoney, isFiltered, openAmount } from './model'
import { PaymentDialog } from './PaymentDialog'
import { Kind, useSharedColumns } from './parts'
import type { SoldSearch } from './search'
import type { Seller } from './seller'

interface Props {
  seller: Seller
  /** Opens one of them. */
  link: (invoice: ListedInvoice) => ReactNode
  search: SoldSearch
  onChange: (search: SoldSearch, replace?: boolean) => void
}

/** SoldInvoices are what a seller has issued, of all time; money that has come in is confirmed here. */
export function SoldInvoices({ seller, link, search, onChange }: Props) {
  const { t } = useTranslation('billing')
  const { company } = useSession()
  const { pay, ...filters } = search
  const { q, kind, state, from, to, sort = '-issued_at' } = filters
  const query = { number: q, kind, state, ...instants({ from, to }, company.time_zone), sort }
  const list = useList<ListedInvoice>(['sold-invoices', seller.key, query], (cursor) =>
    seller.list({ ...query, cursor, limit: 50 }),
  )
  const opened = list.rows?.find((invoice) => invoice.id === pay)
  return (
    <>
      <Filters
        search={{ ...filters, period: undefined }}
        placeholder={t('billing:sold.search')}
        period={{ from, to }}
        withUnpaid
        onChange={({ period: _, ...next }, typing) => onChange(next, typing)}
      />
      <List
        label={t('billing:title')}
        list={list}
        columns={useColumns(link)}
        rowKey={(invoice) => invoice.id}
        sorting={{ by: sort, onChange: (by) => onChange({ ...filters, sort: by as typeof sort }) }}
        rowActions={(invoice) =>
          awaitsMoney(invoice) && (
            <Button
              variant="default"
              size="xs"
              aria-label={t('billing:pay.openOf', { number: invoice.number })}
              onClick={() => onChange({ ...filters, pay: invoice.id })}
            >
              {t('billing:pay.open')}
            </Button>
          )
        }
        empty={<Nothing filtered={isFiltered(filters)} />}
      />
      {opened && (
        <PaymentDialog
          key={opened.id}
          seller={seller}
          invoice={opened}
          onClose={() => onChange(filters)}
        />
      )}
    </>
  )
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { t } = useTranslation('billing')
  const why = filtered ? 'filter' : 'sold'
  return (
    <Empty
      picture={<IconFileInvoice />}
      title={t(`billing:empty.${why}`)}
      text={t(`billing:emptyText.${why}`)}
    />
  )
}

function useColumns(link: Props['link']): Column<ListedInvoice>[] {
  const { t } = useTranslation('billing')
  const shared = useSharedColumns()
  return [
    {
      key: 'number',
      title: t('billing:column.number'),
      cell: (invoice) => (
        <>
          {link(invoice)}
          <span className={`${classes.below} ${classes.soft}`}>
            <Kind invoice={invoice} />
          </span>
        </>
      ),
    },
    {
      key: 'company',
      title: t('billing:column.company'),
      cell: (invoice) => (
        <>
          <span className={classes.company}>{invoice.buyer.name}</span>
          <span className={classes.below}>
            <CopyId id={invoice.buyer.company} />
          </span>
        </>
      ),
    },
    shared.issued,
    shared.due,
    shared.total,
    {
      key: 'open',
      title: t('billing:column.open'),
      align: 'end',
      cell: (invoice) =>
        micros(openAmount(invoice)) === 0n || !awaitsMoney(invoice) ? (
          '–'
        ) : (
          <MoneyText amount={openAmount(invoice)} currency={invoice.currency} />
        ),
    },
    shared.state,
  ]
}
