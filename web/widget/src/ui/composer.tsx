import { limits } from '../protocol/wire'
import type { Words } from '../words/words'
import type { Draft } from './draft'
import { EmojiPicker } from './emoji'
import { Icon, type IconName } from './icons'
import { TrayView } from './tray-view'

interface Props {
  draft: Draft
  words: Words
  onTyping: () => void
}

const warnBelow = 200

export function Composer({ draft, words, onTyping }: Props) {
  const { left } = draft
  return (
    <form
      class="composer"
      onsubmit={(event) => {
        event.preventDefault()
        draft.send()
      }}
    >
      {draft.emojiShown && <EmojiPicker draft={draft} words={words} />}
      <TrayView draft={draft} words={words} />
      <div class="field">
        <textarea
          ref={(field: HTMLTextAreaElement) => {
            draft.field = field
          }}
          rows={1}
          dir="auto"
          value={draft.text}
          placeholder={words.say('write')}
          aria-label={words.say('write')}
          aria-invalid={left < 0}
          aria-describedby="left"
          enterkeyhint="send"
          oninput={() => {
            draft.write(draft.field?.value ?? '')
            onTyping()
          }}
          onkeydown={(event) => onKey(event, draft)}
          onpaste={(event) => onPaste(event, draft)}
          onfocus={() => draft.showEmoji(false)}
        />
        <button
          type="submit"
          class="send"
          aria-label={words.say('send')}
          title={words.say('send')}
          disabled={!draft.maySend}
        >
          <Icon name="send" />
        </button>
      </div>
      <div class="tools">
        <FileTool draft={draft} label={words.say('attach')} icon="clip" />
        <FileTool draft={draft} label={words.say('camera')} icon="camera" />
        <button
          type="button"
          class="tool"
          aria-label={words.say('emoji')}
          title={words.say('emoji')}
          aria-expanded={draft.emojiShown}
          onclick={() => draft.showEmoji(!draft.emojiShown)}
        >
          <Icon name="smile" />
        </button>
        <span id="left" class={left < 0 ? 'left over' : 'left'} role="status">
          {left < 0 && words.say('tooLong', { n: -left, limit: limits.textRunes })}
          {left >= 0 && left < warnBelow && words.say('left', { n: left })}
        </span>
      </div>
    </form>
  )
}

/** A button in front of a file field, which nobody can style. */
function FileTool({ draft, label, icon }: { draft: Draft; label: string; icon: IconName }) {
  const camera = icon === 'camera'
  let input: HTMLInputElement
  return (
    <span class={camera ? 'touch-only' : undefined}>
      <button
        type="button"
        class="tool"
        aria-label={label}
        title={label}
        onclick={(event) => {
          const button = event.currentTarget as HTMLElement
          ;(button.nextElementSibling as HTMLElement).click()
        }}
      >
        <Icon name={icon} />
      </button>
      <input
        type="file"
        hidden
        multiple={!camera}
        accept={camera ? 'image/*' : ''}
        capture={camera ? 'environment' : undefined}
        onchange={(event) => {
          input = event.currentTarget as HTMLInputElement
          draft.tray.add([...(input.files ?? [])])
          input.value = ''
          draft.field?.focus()
        }}
      />
    </span>
  )
}

function onKey(event: KeyboardEvent, draft: Draft): void {
  // While an input method composes, Enter belongs to it (229 where browsers say so late).
  const composing = event.isComposing || event.keyCode === 229
  if (event.key === 'Enter' && !event.shiftKey && !composing) {
    event.preventDefault()
    draft.send()
  }
}

function onPaste(event: ClipboardEvent, draft: Draft): void {
  const pasted = [...(event.clipboardData?.files ?? [])]
  if (pasted.length > 0) {
    event.preventDefault()
    draft.tray.add(pasted)
  }
}
