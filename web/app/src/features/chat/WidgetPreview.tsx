import { SegmentedControl } from '@mantine/core'
import { readableOn } from '@parley/shared/colour'
import { inLanguage, type Language } from '@parley/shared/text'
import { IconMessage2, IconMoodSmile, IconPaperclip, IconSend2, IconX } from '@tabler/icons-react'
import { type CSSProperties, useState } from 'react'
import type { Chat } from '@/lib/api/types'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import classes from './WidgetPreview.module.css'

type Colours = CSSProperties & { '--accent': string; '--on': string }

/** WidgetPreview is a picture of the widget on someone's page, in the language one picks. */
export function WidgetPreview({ look }: { look: Chat['look'] }) {
  const { t } = useTranslation('chat')
  const own = useLanguage()
  const [language, setLanguage] = useState<Language>(own)
  const accent = /^#[0-9a-f]{6}$/i.test(look.accent) ? look.accent : '#4353d6'
  const style: Colours = { '--accent': accent, '--on': readableOn(accent) }
  const title = inLanguage(look.title, language) || t('chat:preview.title', { lng: language })
  return (
    <aside className={classes.aside} aria-label={t('chat:preview.label')}>
      <div className={classes.bar}>
        <span>{t('chat:preview.label')}</span>
        <SegmentedControl
          size="xs"
          aria-label={t('chat:preview.language')}
          value={language}
          onChange={(value) => setLanguage(value === 'ru' ? 'ru' : 'en')}
          data={[
            { value: 'en', label: 'EN' },
            { value: 'ru', label: 'RU' },
          ]}
        />
      </div>
      <div className={classes.page} style={style} data-side={look.side} aria-hidden>
        <div className={classes.lines}>
          <i />
          <i />
          <i />
          <i />
        </div>
        <div className={classes.panel}>
          <div className={classes.header}>
            <Picture url={look.avatar_url} />
            <span className={classes.title}>{title}</span>
            <IconX size={18} />
          </div>
          <div className={classes.thread}>
            {inLanguage(look.greeting, language) && (
              <div className={classes.bubble}>{inLanguage(look.greeting, language)}</div>
            )}
            <div className={classes.bubble} data-own>
              {t('chat:preview.own', { lng: language })}
            </div>
          </div>
          <div className={classes.composer}>
            <span>{t('chat:preview.write', { lng: language })}</span>
            <IconPaperclip size={18} />
            <IconMoodSmile size={18} />
            <IconSend2 size={18} className={classes.send} />
          </div>
        </div>
        <div className={classes.launcher} data-kind={look.launcher}>
          <IconMessage2 size={26} />
          {look.launcher === 'text' && <span>{title}</span>}
        </div>
      </div>
    </aside>
  )
}

function Picture({ url }: { url: string }) {
  const [broken, setBroken] = useState('')
  return (
    <span className={classes.avatar}>
      {url && url !== broken ? (
        <img src={url} alt="" onError={() => setBroken(url)} />
      ) : (
        <IconMessage2 size={20} />
      )}
    </span>
  )
}
