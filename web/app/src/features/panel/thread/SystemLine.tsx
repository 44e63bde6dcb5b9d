import { UnstyledButton } from '@mantine/core'
import type { Message } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Time } from '@/ui/Time'
import type { Names } from '../model/systemLine'
import { aboutAssignment, systemWords } from '../model/systemLine'
import classes from './Messages.module.css'
import { WhyMe } from './WhyMe'

/** SystemLine says what happened to the dialog, and lets one ask why where a decision was made. */
export function SystemLine({ message, names }: { message: Message; names: Names }) {
  const { t } = useTranslation('panel')
  const code = message.system?.code ?? ''
  const { key, values, comment } = systemWords(code, message.system?.args ?? {}, names)
  const words = key ? t(`panel:system.${key}`, values) : message.text || t('panel:system.other')
  return (
    <li className={classes.system} id={`m-${message.id}`}>
      <span>
        {words} · <Time at={message.at} as="time" />
        {message.session_id && aboutAssignment(code) && (
          <>
            {' · '}
            <WhyMe session={message.session_id} operator={null} at={message.at}>
              <UnstyledButton className={classes.why}>{t('panel:why.ask')}</UnstyledButton>
            </WhyMe>
          </>
        )}
      </span>
      {key && message.text && (
        <bdi className={classes.told} dir="auto">
          {message.text}
        </bdi>
      )}
      {comment && (
        <bdi className={classes.comment} dir="auto">
          {comment}
        </bdi>
      )}
    </li>
  )
}
