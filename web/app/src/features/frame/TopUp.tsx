import { Button } from '@mantine/core'
import { useSessionStorage } from '@mantine/hooks'
import { formatMoney, micros, parseAmount } from '@parley/shared/money'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, Suspense, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { fieldTexts, problemText } from '@/lib/api/problemText'
import { invoiceQuery, invoiceTermsQuery } from '@/lib/data/invoices'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { AmountInput } from '@/ui/AmountInput'
import { FilterChips } from '@/ui/FilterChips'
import { MissingDetails } from './MissingDetails'
import classes from './TopUp.module.css'

/** TopUp makes an invoice for an amount; what was typed stays while the company's details are filled in. */
export function TopUp({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('frame')
  const { company } = useSession()
  const navigate = useNavigate()
  const client = useQueryClient()
  const locale = useLocale()
  const [typed, setTyped] = useSessionStorage({
    key: `parley.top-up.${company.id}`,
    defaultValue: '',
  })
  const [wrong, setWrong] = useState('')
  const terms = useQuery(invoiceTermsQuery(company.id)).data
  const write = (amount: string) =>
    formatMoney({ amount, currency: company.currency }, locale, { short: true })

  const create = useMutation({
    mutationFn: (amount: string) =>
      ok(
        api.POST('/api/v1/companies/{company}/invoices', {
          params: { path: { company: company.id } },
          body: { amount },
        }),
      ),
    onSuccess: (invoice) => {
      setTyped('')
      client.setQueryData(invoiceQuery(company.id, invoice.id).queryKey, invoice)
      void client.invalidateQueries({ queryKey: ['invoices', company.id] })
      void navigate({
        to: '/c/$company/statistics/invoices/$invoice',
        params: { company: company.id, invoice: invoice.id },
      })
      onLeave()
    },
  })
  const change = (next: string) => {
    setTyped(next)
    setWrong('')
    create.reset()
  }
  const mistake = (amount: string | undefined): string => {
    const asked = (amount && micros(amount)) || 0n
    if (asked <= 0n || asked % 10_000n !== 0n) return t('frame:topUp.wrong')
    if (terms && asked < (micros(terms.min) ?? 0n))
      return t('frame:topUp.least', { sum: write(terms.min) })
    if (terms && asked > (micros(terms.max) ?? asked))
      return t('frame:topUp.most', { sum: write(terms.max) })
    return ''
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const amount = parseAmount(typed)
    const found = mistake(amount)
    setWrong(found)
    if (!found && amount && !create.isPending) create.mutate(amount)
  }
  const refused = create.error ? asApiError(create.error) : undefined
  const field = refused && fieldTexts(t, refused).amount
  return (
    <form onSubmit={submit} noValidate className={classes.form}>
      <AmountInput
        currency={company.currency}
        label={t('frame:topUp.amount')}
        value={typed}
        error={wrong || field}
        onChange={(event) => change(event.currentTarget.value)}
      />
      {terms && (
        <FilterChips
          label={t('frame:topUp.presets')}
          options={terms.presets.map((amount) => ({ value: amount, label: write(amount) }))}
          value={terms.presets.find(
            (amount) => micros(amount) === micros(parseAmount(typed) ?? ''),
          )}
          onChange={(amount) => amount && change(amount.replace(/\.00$/, ''))}
          clearable={false}
        />
      )}
      <Button type="submit" fullWidth loading={create.isPending}>
        {t('frame:topUp.create')}
      </Button>
      {refused && !field && (
        <div role="alert" className={classes.refused}>
          <p>{problemText(t, refused)}</p>
          {refused.code === 'company_incomplete' && (
            <Suspense>
              <MissingDetails paths={missingOf(refused.problem)} onGo={onLeave} />
            </Suspense>
          )}
        </div>
      )}
    </form>
  )
}

function missingOf({ missing }: { [extra: string]: unknown }): string[] {
  return Array.isArray(missing) ? missing.filter((path) => typeof path === 'string') : []
}
