import { Stack, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { formatMoney, micros, parseAmount } from '@parley/shared/money'
import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { AmountInput } from '@/ui/AmountInput'
import { Form } from '@/ui/Form'
import { toastGood } from '@/ui/toast'
import { CompanyDialog, type DialogProps } from './CompanyDialog'

/** DepositDialog posts money that came in beside the system, a bank transfer for example. */
export function DepositDialog({ company, onClose }: DialogProps) {
  const { t } = useTranslation('backoffice')
  const locale = useLocale()
  const client = useQueryClient()
  const form = useForm({
    initialValues: { amount: '', reason: '' },
    validate: {
      amount: (typed) => {
        const amount = parseAmount(typed)
        return amount === undefined || (micros(amount) ?? 0n) <= 0n
          ? t('backoffice:deposit.wrong')
          : null
      },
      reason: isNotEmpty(t('errors:field.required')),
    },
  })
  return (
    <CompanyDialog
      company={company}
      title={t('backoffice:deposit.title')}
      dirty={form.isDirty()}
      onClose={onClose}
    >
      <Form
        form={form}
        submit={t('backoffice:deposit.submit')}
        pristineAllowed
        onCancel={onClose}
        onSubmit={async (values) => {
          const amount = parseAmount(values.amount) ?? ''
          await ok(
            api.POST('/api/v1/back-office/companies/{company}/deposits', {
              params: { path: { company: company.id } },
              body: { amount, reason: values.reason.trim() },
            }),
          )
          return amount
        }}
        onSaved={(amount) => {
          const sum = formatMoney({ amount, currency: company.currency }, locale)
          toastGood(t('backoffice:deposit.done', { sum, name: company.name }))
          void client.invalidateQueries({ queryKey: ['back-office', 'companies'] })
          onClose()
        }}
      >
        <Stack gap="md">
          <AmountInput
            currency={company.currency}
            label={t('backoffice:deposit.amount')}
            data-autofocus
            {...form.getInputProps('amount')}
          />
          <TextInput
            label={t('backoffice:deposit.reason')}
            description={t('backoffice:deposit.reasonHelp')}
            maxLength={200}
            {...form.getInputProps('reason')}
          />
        </Stack>
      </Form>
    </CompanyDialog>
  )
}
