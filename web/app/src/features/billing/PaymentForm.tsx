import { Select, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { micros, parseAmount, typedAmount } from '@parley/shared/money'
import { useEffect } from 'react'
import { ApiError, asApiError } from '@/lib/api/error'
import type { ListedInvoice, Payment, PaymentInput } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { AmountInput } from '@/ui/AmountInput'
import { Form } from '@/ui/Form'
import classes from './billing.module.css'
import { useToday } from './Filters'
import { openAmount } from './model'
import type { Seller } from './seller'

const currencies = ['RUB', 'USD', 'EUR', 'KZT']

interface Props {
  seller: Seller
  invoice: ListedInvoice
  onPosted: (payment: Payment) => void
  onCancel: () => void
  onDirty: (dirty: boolean) => void
}

/** PaymentForm takes what the bank statement says; sent twice, it is posted once. */
export function PaymentForm({ seller, invoice, onPosted, onCancel, onDirty }: Props) {
  const { t } = useTranslation('billing')
  const locale = useLocale()
  const today = useToday()
  const form = useForm<PaymentInput>({
    initialValues: {
      amount: typedAmount(openAmount(invoice), locale),
      currency: invoice.currency,
      received_on: today,
      document: '',
    },
    validate: {
      amount: (typed) => {
        const amount = micros(parseAmount(typed) ?? '') ?? 0n
        return amount <= 0n || amount % 10_000n !== 0n ? t('billing:pay.wrong') : null
      },
      currency: (chosen) => (chosen === invoice.currency ? null : otherCurrency()),
      received_on: (day) =>
        !day ? t('errors:field.required') : day > today ? t('billing:pay.future') : null,
      document: isNotEmpty(t('errors:field.required')),
    },
  })
  const otherCurrency = () => t('billing:pay.currency', { currency: invoice.currency })
  const dirty = form.isDirty()
  useEffect(() => onDirty(dirty), [dirty, onDirty])
  return (
    <Form
      form={form}
      submit={t('billing:pay.submit')}
      pristineAllowed
      onCancel={onCancel}
      explain={(field, code) => {
        if (code === 'posted') return t('billing:pay.twice')
        if (field === 'currency') return otherCurrency()
        return field === 'received_on' && code === 'out_of_range'
          ? t('billing:pay.future')
          : undefined
      }}
      onSubmit={({ amount, document, ...rest }) =>
        seller
          .confirm(invoice, {
            ...rest,
            amount: parseAmount(amount) ?? '',
            document: document.trim(),
          })
          .catch((error: unknown) => {
            throw atDocument(error)
          })
      }
      onSaved={onPosted}
    >
      <div className={classes.fields}>
        <AmountInput
          currency={invoice.currency}
          label={t('billing:pay.amount')}
          {...form.getInputProps('amount')}
        />
        <Select
          label={t('billing:pay.currencyLabel')}
          data={[...new Set([invoice.currency, ...currencies])]}
          allowDeselect={false}
          {...form.getInputProps('currency')}
        />
        <TextInput
          type="date"
          label={t('billing:pay.received')}
          max={today}
          {...form.getInputProps('received_on')}
        />
        <TextInput
          label={t('billing:pay.document')}
          description={t('billing:pay.documentHelp')}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          maxLength={50}
          data-autofocus
          {...form.getInputProps('document')}
        />
      </div>
    </Form>
  )
}

/** atDocument says at its number that a document was posted before; the server names the payment it made. */
function atDocument(error: unknown): unknown {
  const { code, problem } = asApiError(error)
  if (code !== 'conflict' || problem.payment === undefined) return error
  const fields = { document: { code: 'posted', message: '' } }
  return new ApiError({ ...problem, code: 'invalid', fields }, 422)
}
