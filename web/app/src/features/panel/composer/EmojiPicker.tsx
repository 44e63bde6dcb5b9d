import { UnstyledButton } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { browserStore } from '../model/store'
import classes from './Emoji.module.css'
import { categories, recentAfter } from './emoji'

const storageKey = 'parley.emoji'
const columns = 8
const store = browserStore()

function recent(): string[] {
  return (store.get(storageKey) ?? '').split(' ').filter(Boolean)
}

/** EmojiPicker is a grid walked by the arrow keys, those used lately on top. */
export function EmojiPicker({ onChoose }: { onChoose: (emoji: string) => void }) {
  const { t } = useTranslation('panel')
  const [lately] = useState(recent)
  const grid = useRef<HTMLDivElement>(null)
  const choose = (emoji: string) => {
    store.set(storageKey, recentAfter(lately, emoji).join(' '))
    onChoose(emoji)
  }
  const walk = (event: KeyboardEvent) => {
    const steps: Record<string, number> = {
      ArrowRight: 1,
      ArrowLeft: -1,
      ArrowDown: columns,
      ArrowUp: -columns,
    }
    const step = steps[event.key]
    if (!step || !grid.current) return
    event.preventDefault()
    const buttons = [...grid.current.querySelectorAll('button')]
    const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus()
  }
  const groups = [...(lately.length > 0 ? [{ key: 'recent', emoji: lately }] : []), ...categories]
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys only move the focus between the buttons.
    <div ref={grid} className={classes.picker} onKeyDown={walk}>
      {groups.map(({ key, emoji }, g) => (
        <section key={key} aria-label={t(`panel:emoji.${key}`)}>
          <h3 className={classes.heading}>{t(`panel:emoji.${key}`)}</h3>
          <div className={classes.grid}>
            {emoji.map((one, i) => (
              <UnstyledButton
                key={one}
                className={classes.emoji}
                tabIndex={i === 0 ? 0 : -1}
                data-autofocus={(g === 0 && i === 0) || undefined}
                onClick={() => choose(one)}
              >
                {one}
              </UnstyledButton>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}
