import { Skeleton, UnstyledButton } from '@mantine/core'
import { isZero } from '@parley/shared/money'
import { IconRefresh, IconWallet } from '@tabler/icons-react'
import { lazy, Suspense } from 'react'
import type { Balance } from '@/lib/api/types'
import { useBalance } from '@/lib/data/balance'
import { useTranslation } from '@/lib/i18n/i18n'
import { onOpenTopUp } from '@/lib/openTopUp'
import { useSession } from '@/lib/session/session'
import { Facts } from '@/ui/Card'
import { LazyPopover } from '@/ui/LazyPopover'
import { ButtonLink } from '@/ui/links'
import { MoneyText } from '@/ui/MoneyText'
import headerClasses from './Header.module.css'
import classes from './Menus.module.css'

const TopUp = lazy(() => import('./TopUp').then((module) => ({ default: module.TopUp })))

/** BalanceMenu shows the balance as it changes and opens into what it consists of. */
export function BalanceMenu() {
  const { t } = useTranslation('frame')
  const { data, isError, isFetching, refetch } = useBalance()
  if (!data && isError) return <Unknown trying={isFetching} onRetry={() => void refetch()} />
  if (!data) return <Skeleton width={92} height={16} />
  return (
    <LazyPopover
      onAsked={onOpenTopUp}
      target={(toggle, open) => (
        <UnstyledButton
          className={headerClasses.button}
          onClick={toggle}
          aria-expanded={open}
          aria-haspopup="dialog"
        >
          <IconWallet size={20} stroke={1.6} aria-hidden />
          <span className="visually-hidden">{t('frame:balance.balance')}</span>
          <span className={headerClasses.strong}>
            <MoneyText amount={data.balance} currency={data.currency} warn />
          </span>
        </UnstyledButton>
      )}
    >
      {(close) => <Details balance={data} onLeave={close} />}
    </LazyPopover>
  )
}

/** Unknown stands where the balance would be; pressing it asks once more. */
function Unknown({ trying, onRetry }: { trying: boolean; onRetry: () => void }) {
  const { t } = useTranslation('frame')
  return (
    <UnstyledButton
      className={headerClasses.button}
      onClick={onRetry}
      title={t('frame:balance.unknown')}
      aria-label={t('frame:balance.unknown')}
      aria-busy={trying}
    >
      <IconWallet size={20} stroke={1.6} aria-hidden />
      <span className={headerClasses.strong} aria-hidden>
        –
      </span>
      <IconRefresh size={16} aria-hidden className={headerClasses.retry} data-trying={trying} />
    </UnstyledButton>
  )
}

function Details({ balance, onLeave }: { balance: Balance; onLeave: () => void }) {
  const { t } = useTranslation('frame')
  const { company, may } = useSession()
  const money = (amount: string) => <MoneyText amount={amount} currency={balance.currency} warn />
  const facts = [
    { name: t('frame:balance.balance'), value: money(balance.balance) },
    { name: t('frame:balance.creditLimit'), value: money(balance.credit_limit) },
    { name: t('frame:balance.reserved'), value: money(balance.held) },
    { name: t('frame:balance.available'), value: money(balance.available) },
  ]
  return (
    <div className={classes.money}>
      {balance.suspended && <p className={classes.suspended}>{t('frame:balance.suspended')}</p>}
      <Facts facts={facts} />
      {!isZero(balance.welcome_credit) && (
        <p className={classes.note}>
          {t('frame:balance.welcome')}{' '}
          <MoneyText amount={balance.welcome_credit} currency={balance.currency} />
        </p>
      )}
      {balance.days_left !== null && (
        <p className={classes.note}>{t('frame:balance.days', { count: balance.days_left })}</p>
      )}
      {may('charges.view') && (
        <ButtonLink
          to="/c/$company/account"
          params={{ company: company.id }}
          variant="default"
          fullWidth
          mt="sm"
          onClick={onLeave}
        >
          {t('frame:nav.account')}
        </ButtonLink>
      )}
      {may('prices.view') && company.kind !== 'platform' && (
        <ButtonLink
          to="/c/$company/account/prices"
          params={{ company: company.id }}
          variant="subtle"
          fullWidth
          mt="xs"
          onClick={onLeave}
        >
          {t('frame:balance.prices')}
        </ButtonLink>
      )}
      {may('invoices.create') && company.kind !== 'platform' && (
        <Suspense fallback={<Skeleton height={120} mt="sm" />}>
          <TopUp onLeave={onLeave} />
        </Suspense>
      )}
      {balance.seller.name && (
        <p className={classes.note}>{t('frame:balance.seller', { name: balance.seller.name })}</p>
      )}
    </div>
  )
}
