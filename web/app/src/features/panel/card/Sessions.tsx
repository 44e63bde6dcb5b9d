import { UnstyledButton } from '@mantine/core'
import { formatDateTime } from '@parley/shared/time'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Dialog } from '@/lib/api/types'
import { chatsQuery } from '@/lib/data/chats'
import { useLocale } from '@/lib/i18n/i18n'
import { useSession, useZone } from '@/lib/session/session'
import { usePanelAddress } from '../data/usePanelAddress'
import { closingRules } from '../model/closing'
import classes from './ContactCard.module.css'

/** Sessions lists the stretches of this dialog; pressing one leads to it in the thread. */
export function Sessions({ detail }: { detail: Dialog }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const zone = useZone()
  const { company, may } = useSession()
  const { setSearch } = usePanelAddress()
  const chats = useQuery({ ...chatsQuery(company.id), enabled: may('chats.view') }).data
  const { results } = closingRules(
    detail,
    chats?.find((c) => c.id === detail.head.chat_id),
  )
  const labelOf = (code: string) => results.find((r) => r.code === code)?.label ?? code
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
                onClick={() =>
                  setSearch({ session: s.id, message: undefined, card: undefined })
                }
              >
                <span className={classes.sessionTop}>
                  <span>{formatDateTime(s.started_at, locale, zone)}</span>
                  <span className={classes.soft}>{s.number}</span>
                </span>
                <span className={classes.soft}>
                  {s.closed_at ? (
                    <>
                      {s.operator ?? t('panel:card.nobody')}
                      {s.result && ` · ${labelOf(s.result)}`}
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
