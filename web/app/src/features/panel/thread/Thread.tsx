import { Button } from '@mantine/core'
import { IconUserShare } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asApiError } from '@/lib/api/error'
import { useTranslation } from '@/lib/i18n/i18n'
import { useShortcuts } from '@/lib/keys/shortcuts'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { Composer } from '../composer/Composer'
import { panelKeys } from '../data/api'
import { useDraft, usePanel } from '../data/PanelContext'
import { useAction } from '../data/useActions'
import { usePanelAddress } from '../data/usePanelAddress'
import { useDialog, useThread } from '../data/useThread'
import { type ActionName, offers, roleOf } from '../model/rights'
import type { Mode } from '../PanelPage'
import { CloseDialog } from './CloseDialog'
import { HandOver } from './HandOver'
import { Messages } from './Messages'
import classes from './Thread.module.css'
import { ThreadHeader } from './ThreadHeader'
import { ThreadSkeleton } from './ThreadSkeleton'
import { closedWithUndo } from './undo'

interface Props {
  dialog: string
  mode: Mode
  className?: string
}

/** A dialog that another operator has now is no longer there for those who do not supervise. */
function isGone(error: unknown): boolean {
  const { status } = asApiError(error)
  return status === 404 || status === 403
}

export type Window = 'close' | 'handOver' | null

/** Thread is the middle of the panel: one dialog, from its head to the composer. */
export function Thread({ dialog, mode, className }: Props) {
  const { t } = useTranslation('panel')
  const { company, me } = usePanel()
  const client = useQueryClient()
  const { closeThread } = usePanelAddress()
  const detail = useDialog(company, dialog)
  const thread = useThread(company, dialog)
  const action = useAction(dialog)
  const [open, setOpen] = useState<Window>(null)
  const [focus, setFocus] = useState(0)
  const [quickReplies, setQuickReplies] = useState(0)
  const [, setDraft] = useDraft(dialog)

  const role = detail.data ? roleOf(detail.data.head, me) : 'away'
  const write = (kind: 'reply' | 'note') => {
    setDraft({ kind })
    setFocus((n) => n + 1)
  }
  const may = (name: ActionName) => detail.data !== undefined && offers(detail.data, name)
  useShortcuts([
    { code: 'KeyR', shown: 'R', label: t('panel:keys.reply'), run: () => write('reply') },
    { code: 'KeyN', shown: 'N', label: t('panel:keys.note'), run: () => write('note') },
    {
      code: 'KeyA',
      shown: 'A',
      label: t('panel:keys.assign'),
      run: () => may('hand_over') && setOpen('handOver'),
    },
    {
      code: 'KeyE',
      shown: 'E',
      label: t('panel:keys.close'),
      run: () => may('close') && setOpen('close'),
    },
    {
      code: 'Slash',
      shown: '/',
      label: t('panel:keys.quickReplies'),
      run: () => setQuickReplies((n) => n + 1),
    },
  ])

  if (detail.error && (!detail.data || isGone(detail.error))) {
    const back = (
      <Button variant="default" onClick={closeThread}>
        {t('panel:thread.back')}
      </Button>
    )
    return (
      <section
        className={`${classes.nothing} ${className ?? ''}`}
        aria-label={t('panel:thread.label')}
      >
        {detail.data ? (
          <Empty
            picture={<IconUserShare />}
            title={t('panel:gone.title')}
            text={t('panel:gone.text')}
            action={back}
          />
        ) : (
          <ErrorState error={detail.error} onRetry={() => void detail.refetch()} back={back} />
        )}
      </section>
    )
  }
  const closed = () => {
    setOpen(null)
    closedWithUndo(t, () => action.mutate({ do: 'reopen' }))
    if (mode === 'pages') closeThread()
  }
  return (
    <section
      className={`${classes.thread} ${className ?? ''}`}
      aria-label={t('panel:thread.label')}
    >
      {!detail.data ? (
        <ThreadSkeleton mode={mode} />
      ) : (
        <>
          <ThreadHeader
            detail={detail.data}
            role={role}
            mode={mode}
            onOpen={setOpen}
            action={action}
          />
          {thread.error && !thread.timeline ? (
            <div className={classes.middle}>
              <ErrorState error={thread.error} onRetry={thread.retry} />
            </div>
          ) : (
            <Messages
              detail={detail.data}
              timeline={thread.timeline}
              older={thread.older}
              onOlder={thread.loadOlder}
              role={role}
            />
          )}
          <Composer
            dialog={dialog}
            detail={detail.data}
            timeline={thread.timeline}
            role={role}
            action={action}
            focus={focus}
            quickReplies={quickReplies}
          />
          <CloseDialog
            opened={open === 'close'}
            detail={detail.data}
            action={action}
            onDone={closed}
            onCancel={() => setOpen(null)}
          />
          <HandOver
            opened={open === 'handOver'}
            head={detail.data.head}
            action={action}
            onDone={() => {
              setOpen(null)
              void client.invalidateQueries({ queryKey: panelKeys.operators(company) })
            }}
            onCancel={() => setOpen(null)}
          />
        </>
      )}
    </section>
  )
}
