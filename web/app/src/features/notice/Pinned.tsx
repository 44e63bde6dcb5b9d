import { Anchor } from '@mantine/core'
import { formatMoney } from '@parley/shared/money'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { Pin } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { Marked } from '@/lib/i18n/Marked'
import { useSession } from '@/lib/session/session'
import { ButtonLink } from '@/ui/links'
import classes from './Pinned.module.css'

interface Props {
  pin: Pin
  /** "strip" above every page, "card" on top of the notices. */
  as: 'strip' | 'card'
  onLeave?: () => void
}

/**
 * Pinned says why paid work stands still as long as it does. Whose reseller has run out of money reads whom to ask:
 * topping up their own balance would change nothing.
 */
export function Pinned({ pin, as, onLeave }: Props) {
  const { t } = useTranslation('notice')
  const { may } = useSession()
  const ours = pin.kind === 'balance_spent'
  return (
    <aside className={classes[as]} aria-label={t('notice:pinned.title')}>
      <IconAlertTriangle size={16} aria-hidden />
      <p className={classes.words}>{ours ? <Spent pin={pin} /> : <Suspended pin={pin} />}</p>
      {ours && may('charges.view') && <TopUp onLeave={onLeave} />}
    </aside>
  )
}

function Spent({ pin }: { pin: Pin }) {
  const { t } = useTranslation('notice')
  const locale = useLocale()
  const { may } = useSession()
  const balance = formatMoney({ amount: pin.balance, currency: pin.currency }, locale)
  return (
    <>
      <strong>
        {t(pin.on_credit ? 'notice:pinned.creditSpent' : 'notice:pinned.spent', { balance })}
      </strong>{' '}
      {t(may('charges.view') ? 'notice:pinned.topUpHelp' : 'notice:pinned.askHelp')}
    </>
  )
}

function Suspended({ pin }: { pin: Pin }) {
  const { t } = useTranslation('notice')
  return (
    <>
      <strong>{t('notice:pinned.suspended', { seller: pin.seller })}</strong>{' '}
      {t('notice:pinned.suspendedHelp')}{' '}
      {pin.support && (
        <Marked
          text={t('notice:pinned.support', { address: pin.support })}
          a={
            <Anchor href={`mailto:${pin.support}`} inherit underline="always" c="inherit">
              {pin.support}
            </Anchor>
          }
        />
      )}
    </>
  )
}

function TopUp({ onLeave }: { onLeave?: () => void }) {
  const { t } = useTranslation('notice')
  const { company } = useSession()
  return (
    <ButtonLink
      to="/c/$company/account"
      params={{ company: company.id }}
      size="compact-sm"
      variant="default"
      onClick={onLeave}
    >
      {t('notice:pinned.topUp')}
    </ButtonLink>
  )
}
