import { formatMoney } from '@parley/shared/money'
import { IconCheck, IconWallet } from '@tabler/icons-react'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import classes from './WelcomePicture.module.css'

/** WelcomePicture draws the one chain the platform is made for: a question, an answer, its price, the balance. */
export function WelcomePicture() {
  const { t } = useTranslation('account')
  const locale = useLocale()
  const rub = (amount: string, signed = false) =>
    formatMoney({ amount, currency: 'RUB' }, locale, { signed })
  return (
    <div className={classes.picture} aria-hidden>
      <div className={classes.window}>
        <div className={classes.bubble} data-side="left">
          {t('account:picture.question')}
        </div>
        <div className={classes.bubble} data-side="right">
          {t('account:picture.answer')}
          <span className={classes.ticks}>
            <IconCheck size={14} />
          </span>
        </div>
        <div className={classes.price}>
          <span>{t('account:picture.item')}</span>
          <span className="numbers">{rub('1.5')}</span>
        </div>
      </div>
      <div className={classes.balance}>
        <IconWallet size={20} stroke={1.6} />
        <span>
          <span className={classes.small}>{t('account:picture.balance')}</span>
          <span className={`numbers ${classes.sum}`}>{rub('8421.5')}</span>
        </span>
        <span className={`numbers ${classes.change}`}>{rub('-1.5', true)}</span>
      </div>
    </div>
  )
}
