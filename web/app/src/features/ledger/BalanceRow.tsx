import { isNegative, isZero } from '@parley/shared/money'
import { useBalance } from '@/lib/data/balance'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Counter, Counters } from '@/ui/Counter'
import { MoneyText } from '@/ui/MoneyText'
import { Note } from '@/ui/Note'

/** BalanceRow is the present state of the account above its history. */
export function BalanceRow() {
  const { t } = useTranslation('ledger')
  const { may } = useSession()
  const { data, isError } = useBalance()
  if (!may('balance.view')) return null
  const money = (amount: string | undefined) =>
    data && amount !== undefined ? (
      <MoneyText amount={amount} currency={data.currency} />
    ) : isError ? (
      '–'
    ) : undefined
  return (
    <>
      {data?.suspended && <Note meaning="bad">{t('ledger:suspended')}</Note>}
      <Counters label={t('ledger:balance.title')}>
        <Counter
          name={t('ledger:balance.balance')}
          value={money(data?.balance)}
          meaning={data && isNegative(data.balance) ? 'bad' : undefined}
          hint={
            data && data.days_left !== null && data.days_left !== undefined
              ? t('ledger:balance.days', { count: data.days_left })
              : undefined
          }
        />
        <Counter
          name={t('ledger:balance.available')}
          value={money(data?.available)}
          hint={t('ledger:balance.availableHelp')}
        />
        <Counter name={t('ledger:balance.creditLimit')} value={money(data?.credit_limit)} />
        <Counter name={t('ledger:balance.reserved')} value={money(data?.held)} />
        {data && !isZero(data.welcome_credit) && (
          <Counter
            name={t('ledger:balance.welcome')}
            value={money(data.welcome_credit)}
            hint={t('ledger:balance.welcomeHelp')}
          />
        )}
      </Counters>
    </>
  )
}
