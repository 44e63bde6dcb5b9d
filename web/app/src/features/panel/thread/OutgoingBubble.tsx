import { UnstyledButton } from '@mantine/core'
import { IconAlertCircle, IconClock, IconLock } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { hasText } from '@/lib/i18n/texts'
import { useDraft, usePanel } from '../data/PanelContext'
import type { Outgoing } from '../model/outbox'
import { Attachments } from './Attachments'
import classes from './Bubble.module.css'
import { Words } from './Words'

interface Props {
  entry: Outgoing
  first: boolean
}

/** OutgoingBubble is a message on its way: it says where it is, and what to do when it got stuck. */
export function OutgoingBubble({ entry, first }: Props) {
  const { t } = useTranslation('panel')
  return (
    <li className={classes.row} data-side="own" data-first={first}>
      {entry.kind === 'note' && (
        <div className={classes.author}>
          <IconLock size={12} aria-hidden />
          {t('panel:note.own')}
        </div>
      )}
      <div
        className={classes.bubble}
        data-kind={entry.kind === 'note' ? 'note' : 'operator'}
        data-side="own"
        data-waiting={entry.state !== 'failed'}
        data-failed={entry.state === 'failed'}
      >
        {entry.text && (
          <div className={classes.text} dir="auto">
            <Words text={entry.text} />
          </div>
        )}
        {entry.attachments.length > 0 && <Attachments attachments={entry.attachments} />}
        <span className={classes.meta}>
          {entry.state === 'failed' ? (
            <IconAlertCircle size={14} aria-hidden />
          ) : (
            <IconClock size={14} aria-hidden />
          )}
        </span>
      </div>
      {entry.state === 'failed' ? <Failed entry={entry} /> : <OnItsWay entry={entry} />}
    </li>
  )
}

/** A quick answer needs no words; only what takes longer is explained. */
function OnItsWay({ entry }: { entry: Outgoing }) {
  const { t } = useTranslation('panel')
  const [late, setLate] = useState(false)
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 800)
    return () => clearTimeout(timer)
  }, [])
  const words = t(
    entry.state === 'waiting' && entry.code ? waitingFor(entry.code) : 'panel:sending.now',
  )
  return (
    <div className={classes.state} role="status">
      {late ? words : <span className="visually-hidden">{words}</span>}
    </div>
  )
}

function waitingFor(code: string): string {
  if (code === 'network') return 'panel:sending.offline'
  return code === 'disk_full' ? 'errors:code.disk_full' : 'panel:sending.again'
}

function Failed({ entry }: { entry: Outgoing }) {
  const { t } = useTranslation('panel')
  const { outbox, drafts } = usePanel()
  const [draft] = useDraft(entry.dialog)
  const edit = () => {
    const taken = outbox.take(entry.key)
    if (taken) drafts.giveBack(entry.dialog, [taken])
  }
  return (
    <div className={classes.state} data-failed role="alert">
      <span>
        {t('panel:sending.failed')} {reason(t, entry.code)}
        {entry.requestId &&
          entry.code === 'internal' &&
          ` ${t('ui:error.reference')} ${entry.requestId}`}
      </span>
      <UnstyledButton className={classes.stateButton} onClick={() => outbox.retry(entry.key)}>
        {t('panel:sending.retry')}
      </UnstyledButton>
      <UnstyledButton className={classes.stateButton} onClick={edit}>
        {t(draft.text ? 'panel:sending.toDraft' : 'panel:sending.edit')}
      </UnstyledButton>
      <UnstyledButton className={classes.stateButton} onClick={() => outbox.take(entry.key)}>
        {t('panel:sending.delete')}
      </UnstyledButton>
    </div>
  )
}

function reason(t: (key: string) => string, code: string | null): string {
  if (code === 'stale') return t('panel:sending.stale')
  if (code === 'at_limit') return t('panel:sending.limit')
  if (code === 'conflict') return t('panel:sending.conflict')
  if (code === 'not_found') return t('panel:sending.gone')
  const key = `errors:code.${code ?? 'internal'}`
  return hasText(key) ? t(key) : t('errors:code.internal')
}
