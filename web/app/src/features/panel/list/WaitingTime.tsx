import { formatClock, formatDuration } from '@parley/shared/time'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSecond } from '../data/clock'
import { waitingOf } from '../model/waiting'
import classes from './WaitingTime.module.css'

interface Props {
  since: string | null
  target: number | null
  large?: boolean
}

/** WaitingTime ticks while a contact waits; with a target it counts down to it and then says how late it is. */
export function WaitingTime({ since, target, large }: Props) {
  if (since === null) return null
  return <Ticking since={since} target={target} large={large} />
}

function Ticking({ since, target, large }: Props) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const waiting = waitingOf(since, target, useSecond())
  if (!waiting) return null
  const { seconds, left, urgency } = waiting
  const said = formatDuration(seconds, locale)
  const words =
    left === null
      ? t('panel:waiting.words', { time: said })
      : left >= 0
        ? t('panel:waiting.left', { time: said, left: formatDuration(left, locale) })
        : t('panel:waiting.late', { time: said, late: formatDuration(-left, locale) })
  return (
    <span className={classes.waiting} data-urgency={urgency} data-large={large} title={words}>
      <span className="visually-hidden">{t('panel:waiting.label')}</span>
      <span>{seconds < 86_400 ? formatClock(seconds) : said}</span>
      {large && left !== null && (
        <span className={classes.target}>
          {left >= 0
            ? t('panel:waiting.shortLeft', { left: formatClock(left) })
            : t('panel:waiting.shortLate', { late: lateClock(-left, locale) })}
        </span>
      )}
    </span>
  )
}

function lateClock(seconds: number, locale: string): string {
  return seconds < 86_400 ? formatClock(seconds) : formatDuration(seconds, locale)
}
