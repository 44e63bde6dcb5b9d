import { Button } from '@mantine/core'
import { formatMoney } from '@parley/shared/money'
import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { ButtonLink } from '@/ui/links'
import { usePanel } from '../data/PanelContext'
import type { Role } from '../model/rights'
import classes from './Composer.module.css'

interface Props {
  role: Role
  isNote: boolean
  onRetry: () => void
  retryable: boolean
}

/** MoneyBanner says why an answer was not taken, that nothing is lost, and what this person can do about it. */
export function MoneyBanner({ role, isNote, onRetry, retryable }: Props) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const { may, company } = useSession()
  const { refusal } = usePanel()
  if (!refusal || isNote || role === 'closed') return null
  if (refusal.covered) {
    return (
      <div className={classes.banner} data-meaning="good" role="status">
        <IconCircleCheck size={18} aria-hidden />
        <span className={classes.bannerWords}>{t('panel:money.covered')}</span>
        <Button size="xs" variant="light" color="green" disabled={!retryable} onClick={onRetry}>
          {t('panel:composer.send')}
        </Button>
      </div>
    )
  }
  const suspended = refusal.code === 'seller_suspended'
  const tops = !suspended && may('charges.view')
  // How much is missing is a price: it is told to those who may see prices.
  const missing = refusal.missing && may('balance.view') ? refusal.missing : undefined
  return (
    <div className={classes.banner} data-meaning="bad" role="alert">
      <IconAlertTriangle size={18} aria-hidden />
      <span className={classes.bannerWords}>
        <strong>
          {suspended
            ? t('panel:money.suspended')
            : missing
              ? t('panel:money.missing', { missing: formatMoney(missing, locale) })
              : t('panel:money.short')}
        </strong>{' '}
        {suspended
          ? t('panel:money.suspendedHelp')
          : tops
            ? t('panel:money.topUpHelp')
            : t('panel:money.askHelp')}
      </span>
      <span className={classes.bannerActions}>
        {tops && (
          <ButtonLink
            to="/c/$company/account"
            params={{ company: company.id }}
            size="xs"
            variant="default"
          >
            {t('panel:money.topUp')}
          </ButtonLink>
        )}
        <Button size="xs" variant="default" disabled={!retryable} onClick={onRetry}>
          {t('panel:money.again')}
        </Button>
      </span>
    </div>
  )
}
