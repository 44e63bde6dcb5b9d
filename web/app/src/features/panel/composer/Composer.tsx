import { ActionIcon, Button, SegmentedControl, Textarea, Tooltip } from '@mantine/core'
import { IconSend2 } from '@tabler/icons-react'
import { type ClipboardEvent, useEffect, useRef } from 'react'
import type { Dialog } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { takeFocusWish } from '../data/handOfFocus'
import { useDraft, usePanel, useUploads } from '../data/PanelContext'
import type { useAction } from '../data/useActions'
import { isEmpty } from '../model/drafts'
import { limits, roomLeft, runes } from '../model/files'
import { insertReply } from '../model/quickReplies'
import { offers, type Role } from '../model/rights'
import type { Timeline } from '../model/timeline'
import classes from './Composer.module.css'
import { ComposerTools } from './ComposerTools'
import { ConnectionNote } from './ConnectionNote'
import { MoneyBanner } from './MoneyBanner'
import { ReplyingTo } from './ReplyingTo'
import { SlashList, useSlash } from './SlashList'
import { Tray } from './Tray'
import { useFileDrop } from './useFileDrop'
import { useTypingHint } from './useTypingHint'

interface Props {
  dialog: string
  detail: Dialog
  timeline: Timeline | undefined
  role: Role
  action: ReturnType<typeof useAction>
  /** Each change puts the cursor into the field. */
  focus: number
  /** Each change opens the quick replies. */
  quickReplies: number
}

/** Composer is where an answer is written; what stands in it survives everything. */
export function Composer(props: Props) {
  const { t } = useTranslation('panel')
  const { dialog, detail, role, action } = props
  if (role !== 'closed') return <Writing {...props} />
  return (
    <footer className={classes.closed}>
      <span>
        {t('panel:composer.closed')} <KeptDraft dialog={dialog} />
      </span>
      {offers(detail, 'reopen') && (
        <Button
          variant="default"
          loading={action.isPending}
          onClick={() => action.mutate({ do: 'reopen' })}
        >
          {t('panel:action.reopen')}
        </Button>
      )}
    </footer>
  )
}

function KeptDraft({ dialog }: { dialog: string }) {
  const { t } = useTranslation('panel')
  const [draft] = useDraft(dialog)
  return isEmpty(draft) ? null : t('panel:composer.draftKept')
}

function Writing({ dialog, detail, timeline, role, action, focus, quickReplies }: Props) {
  const { t } = useTranslation('panel')
  const { drafts, outbox, uploads } = usePanel()
  const [draft, setDraft] = useDraft(dialog)
  const uploading = useUploads(dialog).some((u) => !u.problem)
  const field = useRef<HTMLTextAreaElement>(null)
  const root = useRef<HTMLElement>(null)
  const hint = useTypingHint(dialog, role === 'mine' && draft.kind === 'reply')
  const isNote = draft.kind === 'note'
  const others = !isNote && role === 'others'
  const blocked = !isNote && !offers(detail, 'reply')
  const tooLong = runes(draft.text) > limits.textRunes
  const ready = !isEmpty(draft) && !uploading && !tooLong && !blocked && !action.isPending
  const dragging = useFileDrop(root, (files) => uploads.add(dialog, files))

  useEffect(() => {
    if (focus > 0 || takeFocusWish()) field.current?.focus()
  }, [focus])

  const write = (text: string, caret?: number) => {
    setDraft({ text })
    hint(text)
    if (caret === undefined) return
    requestAnimationFrame(() => {
      field.current?.focus()
      field.current?.setSelectionRange(caret, caret)
    })
  }
  const insert = (text: string) => {
    const caret = field.current?.selectionStart ?? draft.text.length
    const to = field.current?.selectionEnd ?? caret
    write(draft.text.slice(0, caret) + text + draft.text.slice(to), caret + text.length)
  }
  const insertQuick = (text: string) => {
    const caret = field.current?.selectionStart ?? draft.text.length
    const inserted = insertReply(draft.text, caret, text)
    write(inserted.text, inserted.caret)
  }
  const slash = useSlash(dialog, field, draft.text, insertQuick)

  const send = () => {
    if (!ready) return
    const { kind, text, attachments, replyTo } = drafts.of(dialog)
    outbox.send(dialog, { kind, text: text.trim(), attachments, replyTo })
    drafts.clear(dialog)
    field.current?.focus()
  }
  const paste = (event: ClipboardEvent) => {
    const files = [...event.clipboardData.files]
    if (files.length === 0 || event.clipboardData.types.includes('text/plain')) return
    event.preventDefault()
    uploads.add(dialog, files)
  }

  return (
    <footer ref={root} className={classes.composer} data-kind={draft.kind} data-dragging={dragging}>
      <ConnectionNote />
      <MoneyBanner role={role} isNote={isNote} onRetry={send} retryable={ready} />
      {others && (
        <div className={classes.blocked}>
          <span>
            {t(blocked ? 'panel:composer.others' : 'panel:composer.along', {
              name: detail.head.assignee?.name,
            })}
          </span>
          {offers(detail, 'take') && (
            <Button
              variant="default"
              size="xs"
              loading={action.isPending}
              onClick={() => action.mutate({ do: 'take' })}
            >
              {t('panel:action.take')}
            </Button>
          )}
        </div>
      )}
      <div className={classes.box}>
        <SlashList slash={slash} />
        <ReplyingTo dialog={dialog} timeline={timeline} />
        <Textarea
          ref={field}
          id={`composer-${dialog}`}
          variant="unstyled"
          autosize
          minRows={2}
          maxRows={12}
          dir="auto"
          aria-label={t(isNote ? 'panel:composer.note' : 'panel:composer.reply')}
          aria-autocomplete="list"
          aria-controls={slash.open ? slash.listId : undefined}
          aria-activedescendant={slash.open ? slash.activeId : undefined}
          placeholder={t(
            isNote
              ? 'panel:composer.notePlaceholder'
              : role === 'queued'
                ? 'panel:composer.queuedPlaceholder'
                : 'panel:composer.placeholder',
          )}
          classNames={{ input: classes.input }}
          value={draft.text}
          onChange={(event) => {
            write(event.currentTarget.value)
            slash.look(event.currentTarget)
          }}
          onSelect={(event) => slash.look(event.currentTarget)}
          onPaste={paste}
          onBlur={() => slash.close()}
          onKeyDown={(event) => {
            // An input method's Enter chooses a word; keyCode 229 is how Safari says so.
            if (event.nativeEvent.isComposing || event.keyCode === 229) return
            if (slash.key(event)) return
            if (event.key === 'Escape') event.currentTarget.blur()
            if (event.key !== 'Enter' || event.shiftKey || event.altKey) return
            event.preventDefault()
            send()
          }}
        />
        <Tray dialog={dialog} />
        <div className={classes.bar}>
          <SegmentedControl
            size="xs"
            value={draft.kind}
            onChange={(kind) => {
              setDraft({ kind: kind === 'note' ? 'note' : 'reply' })
              field.current?.focus()
            }}
            className={classes.kind}
            data={[
              { value: 'reply', label: t('panel:composer.kind.reply') },
              { value: 'note', label: t('panel:composer.kind.note') },
            ]}
            aria-label={t('panel:composer.kind.label')}
          />
          <ComposerTools
            dialog={dialog}
            onInsert={insert}
            onQuickReply={insertQuick}
            openQuickReplies={quickReplies}
          />
          <span className={classes.space} />
          <Room text={draft.text} />
          <Tooltip label={t('panel:composer.keys')}>
            <ActionIcon
              variant="filled"
              color={isNote ? 'yellow' : 'accent'}
              size={36}
              className={classes.send}
              disabled={!ready}
              aria-label={sendLabel(t, isNote, role)}
              onClick={send}
            >
              <IconSend2 size={18} />
            </ActionIcon>
          </Tooltip>
        </div>
      </div>
      {dragging && <div className={classes.drop}>{t('panel:file.drop')}</div>}
    </footer>
  )
}

function sendLabel(t: (key: string) => string, isNote: boolean, role: Role): string {
  if (isNote) return t('panel:composer.addNote')
  return t(role === 'queued' ? 'panel:composer.takeAndSend' : 'panel:composer.send')
}

function Room({ text }: { text: string }) {
  const { t } = useTranslation('panel')
  const left = roomLeft(text)
  if (left === undefined) return null
  return (
    <span className={classes.room} data-over={left < 0} role="status">
      {left < 0
        ? t('panel:composer.over', { count: -left })
        : t('panel:composer.left', { count: left })}
    </span>
  )
}
