import {
  IconArrowBackUp,
  IconCheck,
  IconHourglass,
  IconPaperclip,
  IconPencil,
  IconWorld,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { memo } from 'react'
import type { DialogHead } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Avatar } from '@/ui/Avatar'
import { Time } from '@/ui/Time'
import { openedByPointer } from '../data/handOfFocus'
import { useDraft, useOutgoing, usePanel } from '../data/PanelContext'
import { useTyping } from '../data/typing'
import { closed } from '../data/usePanelAddress'
import { isEmpty } from '../model/drafts'
import type { View } from '../model/search'
import classes from './DialogRow.module.css'
import { WaitingTime } from './WaitingTime'

interface Props {
  head: DialogHead
  view: View
  me: number
  current: boolean
  target: number | null
  top: number
  position: number
  count: number
}

/** DialogRow is one line of the list: who, what, since when. */
export const DialogRow = memo(function DialogRow(props: Props) {
  const { head, view, current, target, top, position, count } = props
  const { t } = useTranslation('panel')
  const { company } = usePanel()
  return (
    <li className={classes.place} style={{ top }} aria-setsize={count} aria-posinset={position}>
      <Link
        to="/c/$company/panel/$dialog"
        params={{ company, dialog: head.dialog_id }}
        search={(search) => ({ ...search, ...closed })}
        className={classes.row}
        data-unread={head.unread > 0}
        data-current={current}
        activeOptions={{ includeSearch: false }}
        preload={false}
        onClick={(event) => event.detail > 0 && openedByPointer()}
      >
        <span className={classes.face}>
          <Avatar name={head.contact.name} id={head.contact.id} size={36} />
          <span className={classes.channel}>
            <IconWorld size={12} stroke={2} aria-hidden />
          </span>
        </span>
        <span className={classes.lines}>
          <span className={classes.line}>
            <bdi className={classes.name}>{head.contact.name}</bdi>
            <span className={classes.time}>
              <Time at={head.last.at} as="recent" />
            </span>
          </span>
          <span className={classes.line}>
            <Preview head={head} />
            <Owner head={head} view={view} me={props.me} />
            <WaitingTime since={head.waiting_since} target={target} />
            {head.unread > 0 && (
              <span className={classes.unread}>
                <span aria-hidden>{head.unread > 99 ? '99+' : head.unread}</span>
                <span className="visually-hidden">
                  {t('panel:list.unread', { count: head.unread })}
                </span>
              </span>
            )}
          </span>
        </span>
      </Link>
    </li>
  )
})

function Preview({ head }: { head: DialogHead }) {
  const { t } = useTranslation('panel')
  const typist = useTyping(head.dialog_id)
  const [draft] = useDraft(head.dialog_id)
  const outgoing = useOutgoing(head.dialog_id)
  if (typist) {
    return (
      <span className={classes.preview} data-kind="typing">
        {typist.author === 'contact'
          ? t('panel:typing.contactShort')
          : t('panel:typing.operatorShort', { name: typist.name })}
      </span>
    )
  }
  if (outgoing.some((e) => e.state === 'failed')) {
    return (
      <span className={classes.preview} data-kind="failed">
        {t('panel:list.notSent')}
      </span>
    )
  }
  if (!isEmpty(draft)) {
    return (
      <span className={classes.preview} data-kind="draft">
        <IconPencil size={13} aria-hidden />
        <span className="visually-hidden">{t('panel:list.draft')}</span>
        <bdi className={classes.words}>{draft.text.trim() || t('panel:list.file')}</bdi>
      </span>
    )
  }
  const { author, preview } = head.last
  return (
    <span className={classes.preview}>
      {author === 'operator' && (
        <>
          <IconArrowBackUp size={13} aria-hidden />
          <span className="visually-hidden">{t('panel:list.answered')}</span>
        </>
      )}
      {preview ? (
        <bdi className={classes.words}>{preview}</bdi>
      ) : author === 'system' ? (
        <span className={classes.words}>{t('panel:list.noWords')}</span>
      ) : (
        <>
          <IconPaperclip size={13} aria-hidden />
          <span className={classes.words}>{t('panel:list.file')}</span>
        </>
      )}
    </span>
  )
}

/** Whose it is matters only where dialogs of several people stand together. */
function Owner({ head, view, me }: Pick<Props, 'head' | 'view' | 'me'>) {
  const { t } = useTranslation('panel')
  if (view === 'mine' || view === 'queue') return null
  if (head.state === 'queued') {
    return (
      <span className={classes.owner} title={t('panel:state.queued')}>
        <IconHourglass size={15} aria-hidden />
        <span className="visually-hidden">{t('panel:state.queued')}</span>
      </span>
    )
  }
  if (head.state === 'closed') {
    return view === 'closed' ? null : (
      <span className={classes.owner} title={t('panel:state.closed')}>
        <IconCheck size={15} aria-hidden />
        <span className="visually-hidden">{t('panel:state.closed')}</span>
      </span>
    )
  }
  if (!head.assignee || head.assignee.id === me) return null
  return (
    <span className={classes.owner} title={head.assignee.name}>
      <Avatar name={head.assignee.name} size={22} />
      <span className="visually-hidden">{head.assignee.name}</span>
    </span>
  )
}
