import type { Text } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { reasonText, textMeanings } from '@/ui/TextState'
import { Time } from '@/ui/Time'
import { stepsOf } from './steps'
import classes from './text.module.css'

/** SMSCs write an error code into every receipt, zeros when there was no error. */
const nothingWrong = /^0+$/

/** Timeline tells what has become of a message, one line for each thing that is known. */
export function Timeline({ text }: { text: Text }) {
  const { t } = useTranslation('text')
  return (
    <ol className={classes.timeline}>
      {stepsOf(text).map(({ name, at, state }) => (
        <li key={name} data-meaning={state && textMeanings[state]}>
          <span>{t(`text:step.${name}`)}</span>
          {at && <Time at={at} seconds />}
          {state === text.state && text.reason && (
            <span className={classes.soft}>{reasonText(t, text.reason)}</span>
          )}
        </li>
      ))}
      {text.detail && !nothingWrong.test(text.detail) && (
        <li>
          <span>{t('text:step.said')}</span>
          <span className={classes.soft}>{text.detail}</span>
        </li>
      )}
    </ol>
  )
}
