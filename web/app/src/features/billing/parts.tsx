import { isZero } from '@parley/shared/money'
import { formatBytes } from '@parley/shared/text'
import { formatDate, formatMonth } from '@parley/shared/time'
import type { ListedInvoice } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import type { Column } from '@/ui/List'
import { MoneyText } from '@/ui/MoneyText'
import { type Meaning, StateBadge } from '@/ui/StateBadge'
import { Time } from '@/ui/Time'
import classes from './billing.module.css'
import { isLate } from './model'

type Of = { invoice: ListedInvoice }

const meanings: Record<ListedInvoice['state'], Meaning> = {
  issued: 'info',
  partly_paid: 'warning',
  paid: 'good',
  cancelled: 'neutral',
}

/** State names how much of an invoice was paid. */
export function State({ invoice }: Of) {
  const { t } = useTranslation('billing')
  return (
    <StateBadge meaning={meanings[invoice.state]}>{t(`billing:state.${invoice.state}`)}</StateBadge>
  )
}

/** Kind says what an invoice is for, with the month it documents. */
export function Kind({ invoice }: Of) {
  const { t } = useTranslation('billing')
  const locale = useLocale()
  if (!invoice.period) return t('billing:kind.top_up')
  return t('billing:monthOf', { month: formatMonth(invoice.period, locale) })
}

/** Due is the last day to pay on, as the paper names it, where there is anything to pay; after it a word says so. */
export function Due({ invoice }: Of) {
  const { t } = useTranslation('billing')
  const locale = useLocale()
  const late = isLate(invoice, Date.now())
  if (isZero(invoice.to_pay)) return '–'
  return (
    <span className="numbers">
      <span className="nowrap">{formatDate(`${invoice.due_on}T12:00Z`, locale, 'UTC')}</span>
      {late && <span className={classes.late}>{t(`billing:late.${invoice.kind}`)}</span>}
    </span>
  )
}

/** Paper opens the invoice's PDF in a tab of its own. */
export function Paper({ invoice, href }: Of & { href: string }) {
  const { t } = useTranslation('billing')
  const locale = useLocale()
  const { name, size } = invoice.file
  return (
    <a
      href={href}
      target="_blank"
      rel="noreferrer"
      className={classes.paper}
      title={t('billing:open')}
    >
      <span className={classes.paperName}>{name}</span>
      <span className={classes.soft}>
        {size > 0 ? formatBytes(size, locale) : t('billing:making')}
      </span>
    </a>
  )
}

/** useSharedColumns are those of every list of invoices, whoever reads it. */
export function useSharedColumns(): Record<
  'issued' | 'due' | 'total' | 'state',
  Column<ListedInvoice>
> {
  const { t } = useTranslation('billing')
  return {
    issued: {
      key: 'issued',
      title: t('billing:column.issued'),
      sort: 'issued_at',
      cell: (invoice) => <Time at={invoice.issued_at} as="date" />,
    },
    due: {
      key: 'due',
      title: t('billing:column.due'),
      wideOnly: true,
      cell: (invoice) => <Due invoice={invoice} />,
    },
    total: {
      key: 'total',
      title: t('billing:column.total'),
      align: 'end',
      sort: 'total',
      cell: (invoice) => <MoneyText amount={invoice.total} currency={invoice.currency} />,
    },
    state: {
      key: 'state',
      title: t('billing:column.state'),
      cell: (invoice) => <State invoice={invoice} />,
    },
  }
}
