import { formatBytes } from '@parley/shared/text'
import {
  IconFile,
  IconFileMusic,
  IconFileText,
  IconFileTypePdf,
  IconFileZip,
  IconMovie,
  IconPhoto,
} from '@tabler/icons-react'
import { useState } from 'react'
import type { Attachment } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { fitBox, isPicture } from '../model/files'
import classes from './Attachments.module.css'

const box = { width: 300, height: 300 }

/** Attachments shows pictures as pictures and everything else as a file to fetch. */
export function Attachments({ attachments }: { attachments: Attachment[] }) {
  const pictures = attachments.filter((a) => isPicture(a.media_type))
  const files = attachments.filter((a) => !isPicture(a.media_type))
  return (
    <div className={classes.all}>
      {pictures.length > 0 && (
        <div className={classes.pictures}>
          {pictures.map((a) => (
            <Picture key={a.id} attachment={a} alone={pictures.length === 1} />
          ))}
        </div>
      )}
      {files.map((a) => (
        <FileChip key={a.id} attachment={a} />
      ))}
    </div>
  )
}

/** Only addresses of this server are followed. */
function ownAddress(url: string): string | undefined {
  const address = new URL(url, window.location.origin)
  return address.origin === window.location.origin ? address.href : undefined
}

function Picture({ attachment, alone }: { attachment: Attachment; alone: boolean }) {
  const { t } = useTranslation('panel')
  const [broken, setBroken] = useState(false)
  const address = ownAddress(attachment.url)
  const size = alone
    ? fitBox(attachment.width, attachment.height, box)
    : { width: 132, height: 132 }
  if (broken || !address) return <FileChip attachment={attachment} />
  return (
    <a
      href={address}
      target="_blank"
      rel="noopener noreferrer"
      className={classes.picture}
      aria-label={t('panel:file.open', { name: attachment.name })}
    >
      <img
        src={address}
        alt={attachment.name}
        width={size.width}
        height={size.height}
        loading="lazy"
        decoding="async"
        draggable={false}
        onError={() => setBroken(true)}
      />
    </a>
  )
}

export function FileIcon({ mediaType, size = 20 }: { mediaType: string; size?: number }) {
  const kinds: [RegExp, typeof IconFile][] = [
    [/^image\//, IconPhoto],
    [/^audio\//, IconFileMusic],
    [/^video\//, IconMovie],
    [/pdf$/, IconFileTypePdf],
    [/zip|rar|7z|tar|gzip/, IconFileZip],
    [/^text\/|word|document|sheet|excel|presentation/, IconFileText],
  ]
  const Icon = kinds.find(([pattern]) => pattern.test(mediaType))?.[1] ?? IconFile
  return <Icon size={size} stroke={1.6} aria-hidden />
}

function FileChip({ attachment }: { attachment: Attachment }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  return (
    <a
      href={ownAddress(attachment.url)}
      download={attachment.name}
      className={classes.file}
      title={t('panel:file.download', { name: attachment.name })}
    >
      <span className={classes.icon}>
        <FileIcon mediaType={attachment.media_type} />
      </span>
      <span className={classes.words}>
        <bdi className={classes.name}>{attachment.name}</bdi>
        <span className={classes.size}>{formatBytes(attachment.size, locale)}</span>
      </span>
    </a>
  )
}
