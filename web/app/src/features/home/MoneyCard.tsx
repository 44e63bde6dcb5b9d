import { isZero } from '@parley/shared/money'
import { useBalance } from '@/lib/data/balance'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card, Facts } from '@/ui/Card'
import { ErrorState } from '@/ui/ErrorState'
import { ButtonLink } from '@/ui/links'
import { MoneyText } from '@/ui/MoneyText'
import { Note } from '@/ui/Note'
import { FormSkeleton } from '@/ui/Skeletons'
import classes from './HomePage.module.css'

/** MoneyCard says how much there is and how long it lasts at the present pace. */
export function MoneyCard() {
  const { t } = useTranslation('home')
  const { company, may } = useSession()
  const { data, error, refetch } = useBalance()
  const money = (amount: string) => (
    <MoneyText amount={amount} currency={data?.currency ?? ''} warn />
  )
  const facts = data && [
    ...(isZero(data.credit_limit)
      ? []
      : [{ name: t('home:money.creditLimit'), value: money(data.credit_limit) }]),
    ...(isZero(data.held) ? [] : [{ name: t('home:money.reserved'), value: money(data.held) }]),
    ...(isZero(data.welcome_credit)
      ? []
      : [{ name: t('home:money.welcome'), value: money(data.welcome_credit) }]),
  ]
  return (
    <Card
      title={t('home:money.title')}
      actions={
        may('charges.view') && (
          <ButtonLink
            to="/c/$company/account"
            params={{ company: company.id }}
            variant="default"
            size="xs"
          >
            {t('home:money.detail')}
          </ButtonLink>
        )
      }
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <FormSkeleton fields={1} />}
      {data && facts && (
        <>
          {data.suspended && <Note meaning="bad">{t('home:money.suspended')}</Note>}
          <div className={classes.sum}>{money(data.balance)}</div>
          <p className={classes.soft}>
            {data.days_left === null || data.days_left === undefined
              ? t('home:money.noPace')
              : t('home:money.days', { count: data.days_left })}
          </p>
          {facts.length > 0 && <Facts facts={facts} />}
        </>
      )}
    </Card>
  )
}
