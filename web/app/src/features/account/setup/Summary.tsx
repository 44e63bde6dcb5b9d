import type { SetupPlace } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Facts } from '@/ui/Card'
import { Note } from '@/ui/Note'
import classes from './setup.module.css'
import type { Values } from './values'

/** Summary shows what will be made before the last button; nothing of it is final but the currency. */
export function Summary({ values, place }: { values: Values; place: SetupPlace }) {
  const { t } = useTranslation('setup')
  const { admin, company, requisites, mail, sms } = values
  const later = t('setup:summary.later')
  const mailTo = place.mail ? t('setup:summary.bySettings') : mail.host.trim()
  const smsTo = place.sms ? t('setup:summary.bySettings') : sms.host.trim()
  return (
    <div className={classes.stack}>
      <Facts
        facts={[
          { name: t('setup:step.admin'), value: `${admin.name} · ${admin.email}` },
          { name: t('setup:step.company'), value: company.name },
          { name: t('setup:company.address'), value: place.address },
          { name: t('setup:company.currency'), value: company.currency },
          { name: t('setup:company.zone'), value: company.time_zone },
          { name: t('setup:step.seller'), value: requisites.legal_name || later },
          { name: t('setup:step.mail'), value: mailTo || later },
          { name: t('setup:step.sms'), value: smsTo || t('setup:summary.byEmail') },
        ]}
      />
      {!mailTo && <Note meaning="warning">{t('setup:summary.noMail')}</Note>}
    </div>
  )
}
