import type { Chat, Dialog } from '../protocol/wire'
import type { Words } from '../words/words'
import { Icon } from './icons'

interface Props {
  title: string
  chat: Chat | null
  dialog: Dialog | null
  words: Words
  /** Missing where the chat is a page of its own. */
  onClose: (() => void) | undefined
}

export function Header({ title, chat, dialog, words, onClose }: Props) {
  const picture = chat?.look.avatar_url
  return (
    <header>
      <div class="avatar" aria-hidden="true">
        {picture ? <img src={picture} alt="" /> : <Icon name="chat" />}
      </div>
      <div class="title">
        <h1 id="title">{title}</h1>
        <p role="status">{stateOf(dialog, words)}</p>
      </div>
      {onClose && (
        <button
          type="button"
          class="close"
          aria-label={words.say('close')}
          title={words.say('close')}
          onclick={onClose}
        >
          <Icon name="close" />
        </button>
      )}
    </header>
  )
}

function stateOf(dialog: Dialog | null, words: Words): string {
  if (dialog?.state === 'queued') {
    const n = dialog.queue_position
    return n ? words.say('queue', { n }) : words.say('queued')
  }
  const name = dialog?.state === 'open' && dialog.operator_name
  return name ? words.say('withOperator', { name }) : ''
}
