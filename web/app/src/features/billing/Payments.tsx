import { formatDate } from '@parley/shared/time'
import type { Invoice } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { type Column, List } from '@/ui/List'
import { MoneyText } from '@/ui/MoneyText'
import { Time } from '@/ui/Time'
import classes from './billing.module.css'
import { known } from './known'

type Part = Invoice['payments'][number]

/** Payments are what came in for an invoice; money for other invoices is not among it. */
export function Payments({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation('billing')
  return (
    <section aria-label={t('billing:payments.title')} className={classes.section}>
      <h2 className={classes.heading}>{t('billing:payments.title')}</h2>
      <List
        label={t('billing:payments.title')}
        list={known(invoice.payments)}
        columns={useColumns(invoice.currency)}
        rowKey={(part) => part.payment}
        empty={<p className={classes.none}>{t(`billing:payments.none.${whyNone(invoice)}`)}</p>}
      />
    </section>
  )
}

function whyNone({ kind, state }: Invoice): 'cancelled' | 'covered' | 'waiting' {
  if (state === 'cancelled') return 'cancelled'
  return kind === 'monthly' && state === 'paid' ? 'covered' : 'waiting'
}

function useColumns(currency: string): Column<Part>[] {
  const { t } = useTranslation('billing')
  const locale = useLocale()
  return [
    {
      key: 'document',
      title: t('billing:payments.document'),
      cell: (part) =>
        part.document
          ? t('billing:payments.order', { number: part.document })
          : t('billing:payments.deposit'),
    },
    {
      key: 'received',
      title: t('billing:payments.received'),
      cell: (part) => (
        <span className="numbers nowrap">
          {formatDate(`${part.received_on}T12:00Z`, locale, 'UTC')}
        </span>
      ),
    },
    {
      key: 'posted',
      title: t('billing:payments.posted'),
      wideOnly: true,
      cell: (part) => <Time at={part.created_at} />,
    },
    {
      key: 'amount',
      title: t('billing:payments.amount'),
      align: 'end',
      cell: (part) => <MoneyText amount={part.amount} currency={currency} />,
    },
  ]
}
