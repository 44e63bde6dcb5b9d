import type { Words } from '../words/words'
import type { Draft } from './draft'
import { emojiGroups } from './emoji-list'

const columns = 8
const moves: Record<string, number> = {
  ArrowRight: 1,
  ArrowLeft: -1,
  ArrowDown: columns,
  ArrowUp: -columns,
}

/** One tab stop for all emoji; arrows move between them. */
export function EmojiPicker({ draft, words }: { draft: Draft; words: Words }) {
  return (
    <fieldset
      class="emoji"
      aria-label={words.say('emoji')}
      onkeydown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation()
          draft.showEmoji(false)
          draft.field?.focus()
        }
        move(event)
      }}
      ref={(picker: HTMLElement) => queueMicrotask(() => picker.querySelector('button')?.focus())}
    >
      {emojiGroups.map(({ word, emoji }, group) => (
        <fieldset>
          <legend>{words.say(word)}</legend>
          {emoji.map((one, index) => (
            <button
              type="button"
              tabindex={group + index ? -1 : 0}
              onclick={() => draft.insert(one)}
            >
              {one}
            </button>
          ))}
        </fieldset>
      ))}
    </fieldset>
  )
}

function move(event: KeyboardEvent): void {
  const by = moves[event.key]
  if (by) {
    event.preventDefault()
    const all = [...(event.currentTarget as HTMLElement).querySelectorAll('button')]
    const from = all.indexOf(event.target as HTMLButtonElement)
    all[Math.max(0, Math.min(all.length - 1, from + by))]?.focus()
  }
}
