import { CloseButton, Progress } from '@mantine/core'
import { formatBytes } from '@parley/shared/text'
import type { Attachment } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { hasText, type TFunction } from '@/lib/i18n/texts'
import { useDraft, usePanel, useUploads } from '../data/PanelContext'
import type { Uploading } from '../data/uploads'
import { isPicture, limits } from '../model/files'
import { FileIcon } from '../thread/Attachments'
import classes from './Composer.module.css'

/** Tray holds the files that go with the message: those there, those coming, those refused. */
export function Tray({ dialog }: { dialog: string }) {
  const { t } = useTranslation('panel')
  const [draft, setDraft] = useDraft(dialog)
  const coming = useUploads(dialog)
  if (draft.attachments.length + coming.length === 0) return null
  const without = (a: Attachment) =>
    setDraft({ attachments: draft.attachments.filter((other) => other.id !== a.id) })
  return (
    <ul className={classes.tray} aria-label={t('panel:file.list')}>
      {draft.attachments.map((a) => (
        <Arrived key={a.id} attachment={a} onRemove={() => without(a)} />
      ))}
      {coming.map((u) => (
        <Coming key={u.id} upload={u} />
      ))}
    </ul>
  )
}

function Arrived({ attachment, onRemove }: { attachment: Attachment; onRemove: () => void }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const { name, size, media_type, url } = attachment
  return (
    <li className={classes.file}>
      {isPicture(media_type) ? (
        <img src={url} alt="" width={32} height={32} className={classes.thumb} />
      ) : (
        <FileIcon mediaType={media_type} />
      )}
      <span className={classes.fileWords}>
        <bdi className={classes.fileName}>{name}</bdi>
        <span className={classes.fileSize}>{formatBytes(size, locale)}</span>
      </span>
      <CloseButton size="sm" aria-label={t('panel:file.remove', { name })} onClick={onRemove} />
    </li>
  )
}

function Coming({ upload }: { upload: Uploading }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const { uploads } = usePanel()
  const { name, size, mediaType, progress, problem } = upload
  const percent = Math.round(progress * 100)
  return (
    <li className={classes.file} data-failed={problem !== null}>
      <FileIcon mediaType={mediaType} />
      <span className={classes.fileWords}>
        <bdi className={classes.fileName}>{name}</bdi>
        {problem ? (
          <span className={classes.fileProblem} role="alert">
            {problemOf(t, problem, locale)}
          </span>
        ) : (
          <>
            <span className={classes.fileSize}>
              {percent < 100
                ? `${formatBytes(size * progress, locale)} / ${formatBytes(size, locale)}`
                : t('panel:file.checking')}
            </span>
            <Progress
              value={percent}
              size={3}
              mt={3}
              aria-label={t('panel:file.progress', { name })}
            />
          </>
        )}
      </span>
      <CloseButton
        size="sm"
        aria-label={t(problem ? 'panel:file.remove' : 'panel:file.cancel', { name })}
        onClick={() => uploads.remove(upload)}
      />
    </li>
  )
}

function problemOf(t: TFunction, problem: string, locale: string): string {
  if (problem === 'too_large') {
    return t('panel:file.tooLarge', { limit: formatBytes(limits.fileBytes, locale) })
  }
  if (problem === 'too_many') return t('panel:file.tooMany', { count: limits.filesPerMessage })
  if (problem === 'empty') return t('panel:file.empty')
  if (problem === 'unsupported_media') return t('panel:file.kind')
  const key = `errors:code.${problem}`
  return hasText(key) ? t(key) : t('errors:code.internal')
}
