import { useForm } from '@mantine/form'
import { isNegative, parseAmount } from '@parley/shared/money'
import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { useTranslation } from '@/lib/i18n/i18n'
import { AmountInput } from '@/ui/AmountInput'
import { Form } from '@/ui/Form'
import { toastGood } from '@/ui/toast'
import { CompanyDialog, type DialogProps } from './CompanyDialog'

/** CreditLimitDialog says how far below zero a company may go. */
export function CreditLimitDialog({ company, onClose }: DialogProps) {
  const { t } = useTranslation('backoffice')
  const client = useQueryClient()
  const form = useForm({
    initialValues: { amount: company.credit_limit },
    validate: {
      amount: (typed) => {
        const amount = parseAmount(typed)
        return amount === undefined || isNegative(amount) ? t('backoffice:limit.wrong') : null
      },
    },
  })
  return (
    <CompanyDialog
      company={company}
      title={t('backoffice:limit.title')}
      dirty={form.isDirty()}
      onClose={onClose}
    >
      <Form
        form={form}
        submit={t('backoffice:limit.submit')}
        onCancel={onClose}
        onSubmit={({ amount }) =>
          ok(
            api.PUT('/api/v1/back-office/companies/{company}/credit-limit', {
              params: { path: { company: company.id } },
              body: { amount: parseAmount(amount) ?? '' },
            }),
          )
        }
        onSaved={() => {
          toastGood(t('backoffice:limit.done', { name: company.name }))
          void client.invalidateQueries({ queryKey: ['back-office', 'companies'] })
          onClose()
        }}
      >
        <AmountInput
          currency={company.currency}
          label={t('backoffice:column.limit')}
          description={t('backoffice:limit.help')}
          data-autofocus
          {...form.getInputProps('amount')}
        />
      </Form>
    </CompanyDialog>
  )
}
