import { isZero } from '@parley/shared/money'
import type { Invoice } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Facts } from '@/ui/Card'
import { CopyId } from '@/ui/CopyId'
import { MoneyText } from '@/ui/MoneyText'
import { Time } from '@/ui/Time'
import { Due, Kind, Paper } from './parts'
import { pdfOf } from './pdf'

/** InvoiceFacts are the other party, days and sums of an invoice; a seller has its paper at an address of its own. */
export function InvoiceFacts({ invoice, pdf }: { invoice: Invoice; pdf?: string }) {
  const { t } = useTranslation('billing')
  const { company } = useSession()
  const money = (amount: string) => <MoneyText amount={amount} currency={invoice.currency} />
  const facts = [
    pdf
      ? { name: t('billing:column.company'), value: <Buyer invoice={invoice} /> }
      : { name: t('billing:fact.seller'), value: invoice.seller.name },
    { name: t('billing:fact.for'), value: <Kind invoice={invoice} /> },
    { name: t('billing:column.issued'), value: <Time at={invoice.issued_at} /> },
    !isZero(invoice.to_pay) && {
      name: t('billing:column.due'),
      value: <Due invoice={invoice} />,
    },
    { name: t('billing:fact.total'), value: money(invoice.total) },
    invoice.kind === 'monthly' && {
      name: t('billing:fact.covered'),
      value: money(invoice.covered),
    },
    { name: t('billing:fact.toPay'), value: money(invoice.to_pay) },
    !isZero(invoice.to_pay) && { name: t('billing:fact.paid'), value: money(invoice.paid) },
    invoice.paid_at !== null && {
      name: t('billing:column.paid'),
      value: <Time at={invoice.paid_at} />,
    },
    invoice.cancelled_at !== null && {
      name: t('billing:fact.cancelled'),
      value: <Time at={invoice.cancelled_at} />,
    },
    {
      name: t('billing:column.file'),
      value: <Paper invoice={invoice} href={pdf ?? pdfOf(company.id, invoice.id)} />,
    },
  ]
  return <Facts facts={facts.filter((fact) => fact !== false)} />
}

function Buyer({ invoice: { buyer } }: { invoice: Invoice }) {
  return (
    <>
      {buyer.name} <CopyId id={buyer.company} />
    </>
  )
}
