import {
  formatDate,
  formatDateTime,
  formatRecent,
  formatTime,
  zoneLabel,
} from '@parley/shared/time'
import { useLocale } from '@/lib/i18n/i18n'
import { useZone } from '@/lib/session/session'

interface Props {
  at: string
  /** "recent" is for dense lists: the time today, a weekday, or a day. */
  as?: 'datetime' | 'date' | 'time' | 'recent'
  seconds?: boolean
}

/** Time shows a moment in the company's zone; hovering tells it in full with the zone. */
export function Time({ at, as = 'datetime', seconds }: Props) {
  const locale = useLocale()
  const zone = useZone()
  const full = `${formatDateTime(at, locale, zone, { seconds: true })} ${zone ? zoneLabel(zone, at, locale) : ''}`
  const shown = {
    datetime: () => formatDateTime(at, locale, zone, { seconds }),
    date: () => formatDate(at, locale, zone),
    time: () => formatTime(at, locale, zone),
    recent: () => formatRecent(at, Date.now(), locale, zone),
  }[as]()
  return (
    <time dateTime={at} title={full.trim()} className="numbers nowrap">
      {shown}
    </time>
  )
}
