import { Button, Group } from '@mantine/core'
import { isZero } from '@parley/shared/money'
import type { Payment } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Facts } from '@/ui/Card'
import { MoneyText } from '@/ui/MoneyText'
import classes from './billing.module.css'

interface Props {
  payment: Payment
  /** Whose money it is. */
  company: string
  onClose: () => void
}

/** Posted says which invoices a payment went to, and what the company has now. */
export function Posted({ payment, company, onClose }: Props) {
  const { t } = useTranslation('billing')
  const money = (amount: string) => <MoneyText amount={amount} currency={payment.currency} warn />
  return (
    <div role="status">
      <Facts
        facts={[
          {
            name: t('billing:payments.order', { number: payment.document }),
            value: <strong>{money(payment.amount)}</strong>,
          },
          ...payment.allocations.map(({ number, amount }) => ({
            name: t('billing:pay.toInvoice', { number }),
            value: money(amount),
          })),
          ...(isZero(payment.rest)
            ? []
            : [{ name: t('billing:pay.rest'), value: money(payment.rest) }]),
          {
            name: t('billing:pay.balance', { name: company }),
            value: <strong>{money(payment.balance)}</strong>,
          },
        ]}
      />
      <Group justify="flex-end" className={classes.done}>
        <Button onClick={onClose} data-autofocus>
          {t('ui:close')}
        </Button>
      </Group>
    </div>
  )
}
