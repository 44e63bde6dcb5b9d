import { Button, UnstyledButton } from '@mantine/core'
import { useDocumentVisibility } from '@mantine/hooks'
import { formatDay, localDay } from '@parley/shared/time'
import { IconArrowDown } from '@tabler/icons-react'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import { problemText } from '@/lib/api/problemText'
import type { Dialog, Message } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession, useZone } from '@/lib/session/session'
import { Time } from '@/ui/Time'
import { useDraft, useOutgoing, usePanel } from '../data/PanelContext'
import { useTyping } from '../data/typing'
import { useNames } from '../data/useNames'
import { useMarkRead } from '../data/useThread'
import type { Role } from '../model/rights'
import { newsSince, type Row, rowsOf } from '../model/rows'
import type { Names } from '../model/systemLine'
import { emptyTimeline, firstSeq, lastSeq, type Timeline } from '../model/timeline'
import { Bubble } from './Bubble'
import classes from './Messages.module.css'
import { OutgoingBubble } from './OutgoingBubble'
import { SystemLine } from './SystemLine'
import { MessagesSkeleton } from './ThreadSkeleton'
import { useShownMessage } from './useShownMessage'
import { useThreadScroll } from './useThreadScroll'

interface Props {
  detail: Dialog
  timeline: Timeline | undefined
  older: { loading: boolean; error: unknown }
  onOlder: () => void
  role: Role
}

/** Messages is the correspondence itself. */
export function Messages({ detail, timeline, older, onOlder, role }: Props) {
  const { t } = useTranslation('panel')
  const { me } = usePanel()
  const zone = useZone()
  const dialog = detail.head.dialog_id
  const outgoing = useOutgoing(dialog)
  const scroller = useRef<HTMLElement>(null)
  const [readAtOpen] = useState(detail.head.unread > 0 ? detail.operator_read_seq : null)

  const rows = useMemo(
    () =>
      rowsOf({
        timeline: timeline ?? emptyTimeline,
        outgoing,
        sessions: detail.sessions ?? [],
        me,
        readAtOpen,
        dayOf: (at) => localDay(at, zone),
      }),
    [timeline, outgoing, detail.sessions, me, readAtOpen, zone],
  )
  const tail = rows.at(-1)
  const { atEnd, toEnd } = useThreadScroll(scroller, {
    ready: timeline !== undefined,
    firstSeq: timeline ? firstSeq(timeline) : 0,
    tail: tail?.key ?? '',
    ownTail: tail?.row === 'outgoing',
    mayLoadOlder: timeline !== undefined && !timeline.complete && !older.loading && !older.error,
    onOlder,
  })
  const { flash, show } = useShownMessage(timeline, onOlder, older.loading)
  useSeen(detail, timeline, role, atEnd)
  const names = useNames(detail.head.chat_id)

  return (
    <div className={classes.area}>
      <section
        ref={scroller}
        className={classes.scroller}
        // A keyboard needs the focus here to scroll.
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable.
        tabIndex={0}
        aria-label={t('panel:thread.messages')}
      >
        <div className={classes.content}>
          {timeline && <Above timeline={timeline} older={older} onOlder={onOlder} />}
          {timeline ? (
            <ol className={classes.list}>
              {rows.map((row) => (
                <Line
                  key={row.key}
                  row={row}
                  detail={detail}
                  timeline={timeline}
                  names={names}
                  flash={flash}
                  onJump={show}
                />
              ))}
            </ol>
          ) : (
            <MessagesSkeleton />
          )}
          <Typing dialog={dialog} />
        </div>
      </section>
      {!atEnd && timeline && <ToEnd timeline={timeline} onClick={() => toEnd(true)} />}
      {timeline && <Announcer timeline={timeline} />}
    </div>
  )
}

interface LineProps {
  row: Row
  detail: Dialog
  timeline: Timeline
  names: Names
  flash: string | null
  onJump: (message: string) => void
}

function Line({ row, detail, timeline, names, flash, onJump }: LineProps) {
  const { t } = useTranslation('panel')
  const { may } = useSession()
  const dialog = detail.head.dialog_id
  const [, setDraft] = useDraft(dialog)
  const reply = useCallback(
    (message: Message) => {
      setDraft({ replyTo: message.id, kind: 'reply' })
      document.getElementById(`composer-${dialog}`)?.focus()
    },
    [setDraft, dialog],
  )
  switch (row.row) {
    case 'day':
      return <Day at={row.at} />
    case 'session':
      return (
        <li className={classes.system}>
          <span>
            {t('panel:thread.session', { number: row.number })} · <Time at={row.at} />
          </span>
        </li>
      )
    case 'new':
      return (
        <li className={classes.mark} data-new-mark>
          <span>{t('panel:thread.newMark', { count: row.count })}</span>
        </li>
      )
    case 'gap':
      return (
        <li className={classes.system} role="status">
          {t('panel:thread.gap')}
        </li>
      )
    case 'system':
      return <SystemLine message={row.message} names={names} />
    case 'outgoing':
      return <OutgoingBubble entry={row.entry} first={row.first} />
    case 'message': {
      const { reply_to } = row.message
      const answerable = detail.head.state !== 'closed' && row.message.kind !== 'note'
      return (
        <Bubble
          row={row}
          contactRead={detail.contact_read_seq}
          seesPrices={may('prices.view')}
          quoted={reply_to ? timeline.messages.find((m) => m.id === reply_to) : undefined}
          flash={flash === row.message.id}
          onReply={answerable ? reply : undefined}
          onJump={onJump}
        />
      )
    }
  }
}

function Day({ at }: { at: string }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const zone = useZone()
  const today = localDay(new Date(), zone)
  const day = localDay(at, zone)
  const yesterday = localDay(Date.now() - 86_400_000, zone)
  const words =
    day === today
      ? t('panel:thread.today')
      : day === yesterday
        ? t('panel:thread.yesterday')
        : formatDay(at, new Date(), locale, zone)
  return (
    <li className={classes.day}>
      <span>{words}</span>
    </li>
  )
}

function Above({
  timeline,
  older,
  onOlder,
}: Pick<Props, 'older' | 'onOlder'> & { timeline: Timeline }) {
  const { t } = useTranslation('panel')
  if (older.error) {
    return (
      <div className={classes.above} role="alert">
        {problemText(t, older.error)}
        <Button variant="default" size="xs" onClick={onOlder}>
          {t('ui:error.retry')}
        </Button>
      </div>
    )
  }
  if (timeline.messages.length === 0) {
    return <p className={classes.above}>{t('panel:thread.empty')}</p>
  }
  if (timeline.complete) return <p className={classes.above}>{t('panel:thread.start')}</p>
  return <p className={classes.above}>{older.loading ? t('ui:loading') : ' '}</p>
}

function Typing({ dialog }: { dialog: string }) {
  const { t } = useTranslation('panel')
  const typist = useTyping(dialog)
  return (
    <div className={classes.typing} role="status">
      {typist && (
        <>
          <span className={classes.dots} aria-hidden>
            <i />
            <i />
            <i />
          </span>
          {typist.author === 'contact'
            ? t('panel:typing.contact')
            : t('panel:typing.operator', { name: typist.name })}
        </>
      )}
    </div>
  )
}

function ToEnd({ timeline, onClick }: { timeline: Timeline; onClick: () => void }) {
  const { t } = useTranslation('panel')
  const { me } = usePanel()
  const [seen] = useState(() => lastSeq(timeline))
  const count = newsSince(timeline, seen, me)
  return (
    <UnstyledButton className={classes.toEnd} data-news={count > 0} onClick={onClick}>
      <IconArrowDown size={16} aria-hidden />
      {count > 0 ? (
        t('panel:thread.news', { count })
      ) : (
        <span className="visually-hidden">{t('panel:thread.toEnd')}</span>
      )}
    </UnstyledButton>
  )
}

/** Announcer reads new messages of the contact out; older ones that load are not news. */
function Announcer({ timeline }: { timeline: Timeline }) {
  const { t } = useTranslation('panel')
  const [from] = useState(() => lastSeq(timeline))
  const last = timeline.messages.findLast((m) => m.author === 'contact')
  const news = last && last.seq > from ? last : undefined
  return (
    <div className="visually-hidden" role="log" aria-live="polite">
      {news && (
        <p key={news.id}>
          {t('panel:thread.says', {
            name: news.author_name,
            text: news.text || t('panel:list.file'),
          })}
        </p>
      )}
    </div>
  )
}

/** What the one who answers has before their eyes counts as read; a supervisor looking on does not. */
function useSeen(detail: Dialog, timeline: Timeline | undefined, role: Role, atEnd: boolean): void {
  const { company } = usePanel()
  const markRead = useMarkRead(company, detail.head.dialog_id)
  const visibility = useDocumentVisibility()
  const [focused, setFocused] = useState(() => document.hasFocus())
  useEffect(() => {
    const look = () => setFocused(document.hasFocus())
    window.addEventListener('focus', look)
    window.addEventListener('blur', look)
    return () => {
      window.removeEventListener('focus', look)
      window.removeEventListener('blur', look)
    }
  }, [])
  const newest = timeline?.messages.findLast((m) => m.author === 'contact')?.seq ?? 0
  const unread = newest > detail.operator_read_seq || detail.head.unread > 0
  const watching =
    (role === 'mine' || role === 'closed') && visibility === 'visible' && focused && atEnd
  useEffect(() => {
    if (watching && unread && newest > 0) markRead(newest)
  }, [watching, unread, newest, markRead])
}
