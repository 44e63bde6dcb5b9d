import type { ListedText, TextState as State } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { hasText, type TFunction } from '@/lib/i18n/texts'
import { type Meaning, StateBadge } from './StateBadge'
import classes from './TextState.module.css'

export const textMeanings: Record<State, Meaning> = {
  scheduled: 'info',
  queued: 'info',
  sending: 'info',
  sent: 'info',
  delivered: 'good',
  read: 'good',
  clicked: 'good',
  undelivered: 'bad',
  expired: 'warning',
  rejected: 'bad',
  cancelled: 'neutral',
  in_doubt: 'warning',
}

/** reasonText says in words why a message failed; a code nobody wrote a sentence for is shown as it is. */
export function reasonText(t: TFunction, reason: string): string {
  const key = `text:reason.${reason}`
  return hasText(key) ? t(key) : reason
}

/** TextState names the state of a message, with the reason below it where there is one. */
export function TextState({ text }: { text: Pick<ListedText, 'state' | 'reason'> }) {
  const { t } = useTranslation('text')
  return (
    <span className={classes.state}>
      <StateBadge meaning={textMeanings[text.state]}>{t(`text:state.${text.state}`)}</StateBadge>
      {text.reason && <span className={classes.reason}>{reasonText(t, text.reason)}</span>}
    </span>
  )
}
