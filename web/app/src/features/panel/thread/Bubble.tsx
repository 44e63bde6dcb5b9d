import { ActionIcon, UnstyledButton } from '@mantine/core'
import { formatTime } from '@parley/shared/time'
import { IconCheck, IconChecks, IconCornerUpLeft, IconLock } from '@tabler/icons-react'
import { memo, useState } from 'react'
import type { Message } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useZone } from '@/lib/session/session'
import { Time } from '@/ui/Time'
import { isPriced } from '../model/price'
import type { BubbleRow } from '../model/rows'
import { isJumbo } from '../model/segments'
import { Attachments } from './Attachments'
import classes from './Bubble.module.css'
import { PriceChip } from './PriceChip'
import { Words } from './Words'

interface Props {
  row: BubbleRow
  contactRead: number
  seesPrices: boolean
  quoted: Message | undefined
  flash: boolean
  onReply: ((message: Message) => void) | undefined
  onJump: (message: string) => void
}

/** Bubble is one utterance: who, what, when, whether it was read, and what it cost. */
export const Bubble = memo(function Bubble(props: Props) {
  const { row, quoted, flash, onJump } = props
  const { message, side, first, last } = row
  const [touched, setTouched] = useState(false)
  const [asked, setAsked] = useState(false)
  const kind = message.kind === 'note' ? 'note' : message.author
  const jumbo = message.kind === 'text' && isJumbo(message.text)
  const media = (message.attachments ?? []).length > 0
  return (
    <li
      className={classes.row}
      data-side={side}
      data-first={first}
      data-flash={flash}
      data-touched={touched}
      id={`m-${message.id}`}
      onPointerEnter={() => setAsked(true)}
      onFocus={() => setAsked(true)}
    >
      {first && <Author row={row} />}
      <div className={classes.line}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: the tap only shows buttons that keyboards reach anyway. */}
        {/* biome-ignore lint/a11y/useKeyWithClickEvents: as above. */}
        <div
          className={classes.bubble}
          data-kind={kind}
          data-side={side}
          data-last={last}
          data-jumbo={jumbo && !media}
          onClick={(event) => isTouch(event.target) && setTouched(!touched)}
        >
          {message.reply_to && (
            <Quote message={quoted} onJump={() => message.reply_to && onJump(message.reply_to)} />
          )}
          {message.text && (
            <div className={classes.text} dir="auto">
              <Words text={message.text} />
            </div>
          )}
          {media && <Attachments attachments={message.attachments} />}
          <Meta {...props} />
        </div>
        <Tools {...props} asked={asked} />
      </div>
    </li>
  )
})

/** Without hover a tap shows the tools; taps on what is itself something to press are its own. */
function isTouch(target: EventTarget): boolean {
  if (target instanceof Element && target.closest('a, button')) return false
  return window.matchMedia('(hover: none)').matches
}

function Author({ row: { message, side } }: Pick<Props, 'row'>) {
  const { t } = useTranslation('panel')
  if (message.kind === 'note') {
    return (
      <div className={classes.author}>
        <IconLock size={12} aria-hidden />
        {side === 'own' ? t('panel:note.own') : t('panel:note.of', { name: message.author_name })}
      </div>
    )
  }
  if (side === 'own') {
    return <div className="visually-hidden">{t('panel:thread.you')}</div>
  }
  return (
    <div className={classes.author}>
      <bdi>{message.author_name}</bdi>
      {message.author === 'bot' && <span className={classes.bot}>{t('panel:thread.bot')}</span>}
    </div>
  )
}

function Quote({ message, onJump }: { message: Message | undefined; onJump: () => void }) {
  const { t } = useTranslation('panel')
  return (
    <UnstyledButton className={classes.quote} onClick={onJump}>
      <span className={classes.quoteName}>
        <bdi>{message?.author_name ?? t('panel:reply.earlier')}</bdi>
      </span>
      {message && (
        <span className={classes.quoteText} dir="auto">
          {message.text || message.attachments?.[0]?.name}
        </span>
      )}
    </UnstyledButton>
  )
}

function Meta({ row: { message, side }, contactRead }: Props) {
  const { t } = useTranslation('panel')
  const ours = side !== 'contact' && message.kind !== 'note'
  const read = message.state === 'read' || message.seq <= contactRead
  const Tick = read ? IconChecks : IconCheck
  return (
    <span className={classes.meta}>
      <Time at={message.at} as="time" />
      {ours && (
        <span
          className={classes.tick}
          data-read={read}
          title={t(read ? 'panel:thread.read' : 'panel:thread.sent')}
        >
          <Tick size={15} stroke={2} aria-hidden />
          <span className="visually-hidden">
            {t(read ? 'panel:thread.read' : 'panel:thread.sent')}
          </span>
        </span>
      )}
    </span>
  )
}

function Tools({ row: { message }, seesPrices, onReply, asked }: Props & { asked: boolean }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const zone = useZone()
  const at = formatTime(message.at, locale, zone)
  const priced = seesPrices && isPriced(message)
  if (!priced && !onReply) return null
  return (
    <div className={classes.tools}>
      {priced && <PriceChip message={message} asked={asked} />}
      {onReply && (
        <ActionIcon
          size={28}
          className={classes.tool}
          aria-label={t('panel:reply.to', { time: at })}
          title={t('panel:reply.action')}
          onClick={() => onReply(message)}
        >
          <IconCornerUpLeft size={16} />
        </ActionIcon>
      )}
    </div>
  )
}
