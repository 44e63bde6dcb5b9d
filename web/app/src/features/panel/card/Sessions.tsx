import { UnstyledButton } from '@mantine/core'
import { formatDateTime } from '@parley/shared/time'
import type { Dialog } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useZone } from '@/lib/session/session'
import { useNames } from '../data/useNames'
import { usePanelAddress } from '../data/usePanelAddress'
import classes from './ContactCard.module.css'

/** Sessions lists the stretches of this dialog; pressing one leads to it in the thread. */
export function Sessions({ detail }: { detail: Dialog }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const zone = useZone()
  const { setSearch } = usePanelAddress()
  const names = useNames(detail.head.chat_id)
  const sessions = detail.sessions ?? []
  return (
    <section className={classes.part} aria-label={t('panel:card.sessions')}>
      <h3 className={classes.heading}>{t('panel:card.sessions')}</h3>
      {sessions.length === 0 ? (
        <p className={classes.soft}>{t('panel:card.noSessions')}</p>
      ) : (
        <ul className={classes.sessions}>
          {sessions.map((s) => (
            <li key={s.id}>
              <UnstyledButton
                className={classes.session}
                onClick={() => setSearch({ session: s.id, message: undefined, card: undefined })}
              >
                <span className={classes.sessionTop}>
                  <span>{formatDateTime(s.started_at, locale, zone)}</span>
                  <span className={classes.soft}>{s.number}</span>
                </span>
                <span className={classes.soft}>
                  {s.closed_at ? (
                    <>
                      {s.operator ?? t('panel:card.nobody')}
                      {s.result && ` · ${names.result(s.result) ?? s.result}`}
                    </>
                  ) : (
                    t('panel:card.now')
                  )}
                </span>
              </UnstyledButton>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
