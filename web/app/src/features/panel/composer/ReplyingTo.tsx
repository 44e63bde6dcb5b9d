import { CloseButton } from '@mantine/core'
import { useTranslation } from '@/lib/i18n/i18n'
import { useDraft } from '../data/PanelContext'
import type { Timeline } from '../model/timeline'
import classes from './Composer.module.css'

/** ReplyingTo shows which message the answer will quote. */
export function ReplyingTo({
  dialog,
  timeline,
}: {
  dialog: string
  timeline: Timeline | undefined
}) {
  const { t } = useTranslation('panel')
  const [draft, setDraft] = useDraft(dialog)
  if (!draft.replyTo || draft.kind === 'note') return null
  const message = timeline?.messages.find((m) => m.id === draft.replyTo)
  return (
    <div className={classes.replying}>
      <span className={classes.replyingWords}>
        <bdi className={classes.replyingName}>
          {message?.author_name ?? t('panel:reply.earlier')}
        </bdi>
        <span dir="auto">{message?.text || message?.attachments?.[0]?.name}</span>
      </span>
      <CloseButton
        size="sm"
        aria-label={t('panel:reply.cancel')}
        onClick={() => setDraft({ replyTo: null })}
      />
    </div>
  )
}
