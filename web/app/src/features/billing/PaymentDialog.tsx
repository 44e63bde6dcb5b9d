import { Modal } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ListedInvoice, Payment } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Facts } from '@/ui/Card'
import { MoneyText } from '@/ui/MoneyText'
import classes from './billing.module.css'
import { openAmount } from './model'
import { PaymentForm } from './PaymentForm'
import { Posted } from './Posted'
import type { Seller } from './seller'

interface Props {
  seller: Seller
  invoice: ListedInvoice
  onClose: () => void
}

/** PaymentDialog confirms that money came in for an invoice, then says where it went. */
export function PaymentDialog({ seller, invoice: opened, onClose }: Props) {
  const { t } = useTranslation('billing')
  const client = useQueryClient()
  const [posted, setPosted] = useState<Payment>()
  const [dirty, setDirty] = useState(false)
  // The list below is read again while this stays as it was opened.
  const [invoice] = useState(opened)
  const { number, buyer, currency } = invoice
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(posted ? 'billing:pay.posted' : 'billing:pay.title')}
      closeOnClickOutside={!dirty || posted !== undefined}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Facts
        facts={[
          { name: t('billing:column.number'), value: number },
          { name: t('billing:column.company'), value: `${buyer.name} · ${buyer.company}` },
          {
            name: t('billing:column.open'),
            value: (
              <MoneyText
                amount={posted ? restOf(invoice, posted) : openAmount(invoice)}
                currency={currency}
              />
            ),
          },
        ]}
      />
      <div className={classes.dialog}>
        {posted ? (
          <Posted payment={posted} company={buyer.name} onClose={onClose} />
        ) : (
          <PaymentForm
            seller={seller}
            invoice={invoice}
            onDirty={setDirty}
            onCancel={onClose}
            onPosted={(payment) => {
              setPosted(payment)
              void client.invalidateQueries({ queryKey: ['sold-invoices'] })
              void client.invalidateQueries({ queryKey: ['back-office', 'companies'] })
            }}
          />
        )}
      </div>
    </Modal>
  )
}

/** restOf is what the invoice lacks after the payment. */
function restOf(invoice: ListedInvoice, { allocations }: Payment): string {
  const paid = allocations.find((part) => part.invoice === invoice.id)?.amount ?? '0.00'
  return openAmount({ to_pay: openAmount(invoice), paid })
}
