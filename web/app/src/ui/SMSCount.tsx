import { useTranslation } from '@/lib/i18n/i18n'
import { countSMS } from '@/lib/sms'
import classes from './SMSCount.module.css'

interface Props {
  text: string
  /** The text has variables, so that each recipient's may need more. */
  varies?: boolean
}

/** What is around the character that takes the room, so that it is found at once. */
const around = 12

/** SMSCount tells while somebody types how many parts a text needs, and which character makes it need more. */
export function SMSCount({ text, varies }: Props) {
  const { t } = useTranslation('text')
  const { parts, units, left, encoding, forcing } = countSMS(text)
  return (
    <span className={classes.count} aria-live="polite">
      <span className="numbers">
        {t('text:count.characters', { count: units })} ·{' '}
        <strong>{t('text:count.parts', { count: parts.length })}</strong> ·{' '}
        {t('text:count.left', { count: left })}
      </span>
      {varies && <span>{t('text:count.varies')}</span>}
      {forcing && encoding === 'ucs2' && (
        <span>
          {t('text:count.forcing')} <Mark text={text} at={forcing.at} />
        </span>
      )}
    </span>
  )
}

function Mark({ text, at }: { text: string; at: number }) {
  const characters = Array.from(text)
  const before = characters.slice(Math.max(0, at - around), at).join('')
  const after = characters.slice(at + 1, at + 1 + around).join('')
  return (
    <q className={classes.quote}>
      {at > around && '…'}
      {before}
      <mark className={classes.mark}>{characters[at]}</mark>
      {after}
      {characters.length > at + 1 + around && '…'}
    </q>
  )
}
