import { Link } from '@tanstack/react-router'
import type { Invoice, InvoiceLine } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { useSession } from '@/lib/session/session'
import { type Column, List } from '@/ui/List'
import { MoneyText } from '@/ui/MoneyText'
import classes from './billing.module.css'
import { known } from './known'

/** Lines are the positions of an invoice; one that stands for usage opens into it, for the company that used it. */
export function Lines({ invoice, sold = false }: { invoice: Invoice; sold?: boolean }) {
  const { t } = useTranslation('billing')
  return (
    <section aria-label={t('billing:lines.title')} className={classes.section}>
      <h2 className={classes.heading}>{t('billing:lines.title')}</h2>
      <List
        label={t('billing:lines.title')}
        list={known(invoice.lines)}
        columns={useColumns(invoice, sold)}
        rowKey={(line) => line.n}
        empty={null}
      />
      <Sums invoice={invoice} />
    </section>
  )
}

function useColumns({ id, currency }: Invoice, sold: boolean): Column<InvoiceLine>[] {
  const { t } = useTranslation('billing')
  const locale = useLocale()
  return [
    {
      key: 'name',
      title: t('billing:lines.name'),
      cell: (line) => <Name invoice={id} line={line} sold={sold} />,
    },
    {
      key: 'quantity',
      title: t('billing:lines.quantity'),
      align: 'end',
      cell: (line) => line.quantity.toLocaleString(locale),
    },
    {
      key: 'price',
      title: t('billing:lines.price'),
      align: 'end',
      cell: (line) => <MoneyText amount={line.unit_price} currency={currency} />,
    },
    {
      key: 'vat',
      title: t('billing:lines.vat'),
      align: 'end',
      cell: (line) => <Rate rate={line.vat_rate} />,
    },
    {
      key: 'amount',
      title: t('billing:lines.amount'),
      align: 'end',
      cell: (line) => <MoneyText amount={line.amount} currency={currency} />,
    },
  ]
}

function Name({ invoice, line, sold }: { invoice: string; line: InvoiceLine; sold: boolean }) {
  const { t } = useTranslation('billing')
  const { company } = useSession()
  if (!line.item) return t('billing:lines.topUp')
  if (sold) return itemName(t, line.item)
  return (
    <Link
      to="/c/$company/statistics/invoices/$invoice/lines/$line"
      params={{ company: company.id, invoice, line: String(line.n) }}
      className="rowLink"
    >
      {itemName(t, line.item)}
    </Link>
  )
}

function Rate({ rate }: { rate: string }) {
  const { t } = useTranslation('billing')
  return rate === 'none' ? t('billing:noVAT') : t('billing:percent', { rate })
}

/** Sums are the total with the VAT that it contains. */
function Sums({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation('billing')
  const money = (amount: string) => <MoneyText amount={amount} currency={invoice.currency} />
  return (
    <dl className={classes.sums}>
      {invoice.vat.map(({ rate, base, amount }) => (
        <div key={rate}>
          <dt>
            {rate === 'none' ? (
              t('billing:sum.noVAT')
            ) : (
              <>
                {t('billing:sum.vat', { rate })}{' '}
                <span className={classes.soft}>({money(base)})</span>
              </>
            )}
          </dt>
          <dd>{money(rate === 'none' ? base : amount)}</dd>
        </div>
      ))}
      <div className={classes.sumTotal}>
        <dt>{t('billing:fact.total')}</dt>
        <dd>{money(invoice.total)}</dd>
      </div>
    </dl>
  )
}
