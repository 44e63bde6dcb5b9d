import { ActionIcon, Popover, Tooltip } from '@mantine/core'
import { IconBolt, IconMoodSmile, IconPaperclip } from '@tabler/icons-react'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { usePanel } from '../data/PanelContext'
import classes from './Composer.module.css'

const EmojiPicker = lazy(() => import('./EmojiPicker').then((m) => ({ default: m.EmojiPicker })))
const QuickReplies = lazy(() => import('./QuickReplies').then((m) => ({ default: m.QuickReplies })))

interface Props {
  dialog: string
  onInsert: (text: string) => void
  onQuickReply: (text: string) => void
  openQuickReplies: number
}

/** ComposerTools are the small buttons below the field. */
export function ComposerTools({ dialog, onInsert, onQuickReply, openQuickReplies }: Props) {
  const { t } = useTranslation('panel')
  const { uploads } = usePanel()
  const [open, setOpen] = useState<'emoji' | 'quick' | null>(null)
  const input = useRef<HTMLInputElement>(null)
  useEffect(() => {
    if (openQuickReplies > 0) setOpen('quick')
  }, [openQuickReplies])
  const toggle = (which: 'emoji' | 'quick') => setOpen(open === which ? null : which)
  const common = {
    position: 'top-start' as const,
    shadow: 'md',
    trapFocus: true,
    returnFocus: true,
    onChange: (shown: boolean) => !shown && setOpen(null),
  }
  return (
    <div className={classes.tools}>
      <Popover {...common} opened={open === 'quick'} width={360}>
        <Popover.Target>
          <Tooltip label={`${t('panel:quick.title')} (/)`}>
            <ActionIcon
              size={32}
              className={classes.tool}
              aria-label={t('panel:quick.title')}
              aria-expanded={open === 'quick'}
              onClick={() => toggle('quick')}
            >
              <IconBolt size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown p={0} aria-label={t('panel:quick.title')} className={classes.dropdown}>
          <Suspense fallback={null}>
            <QuickReplies
              onChoose={(text) => {
                setOpen(null)
                onQuickReply(text)
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      <Tooltip label={t('panel:file.attach')}>
        <ActionIcon
          size={32}
          className={classes.tool}
          aria-label={t('panel:file.attach')}
          onClick={() => input.current?.click()}
        >
          <IconPaperclip size={18} stroke={1.7} />
        </ActionIcon>
      </Tooltip>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t('panel:file.attach')}
        onChange={(event) => {
          uploads.add(dialog, [...(event.currentTarget.files ?? [])])
          event.currentTarget.value = ''
        }}
      />
      <Popover {...common} opened={open === 'emoji'} width={332}>
        <Popover.Target>
          <Tooltip label={t('panel:emoji.title')}>
            <ActionIcon
              size={32}
              className={classes.tool}
              aria-label={t('panel:emoji.title')}
              aria-expanded={open === 'emoji'}
              onClick={() => toggle('emoji')}
            >
              <IconMoodSmile size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown p={8} aria-label={t('panel:emoji.title')} className={classes.dropdown}>
          <Suspense fallback={null}>
            <EmojiPicker
              onChoose={(emoji) => {
                setOpen(null)
                onInsert(emoji)
              }}
            />
          </Suspense>
        </Popover.Dropdown>
      </Popover>
    </div>
  )
}
