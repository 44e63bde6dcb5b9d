import type { Outgoing } from '../dialog/outbox'
import type { Bubble } from '../dialog/rows'
import { fileAddress } from '../protocol/http'
import type { Attachment } from '../protocol/wire'
import type { Word } from '../words/en'
import type { Words } from '../words/words'
import { Icon } from './icons'
import { isPicture, parts } from './text'

export interface BubbleActions {
  retry: (item: Outgoing) => void
  edit: (item: Outgoing) => void
  discard: (item: Outgoing) => void
}

interface Props {
  row: Bubble
  words: Words
  now: number
  actions: BubbleActions
}

export function BubbleRow({ row, words, now, actions }: Props) {
  const { own, outgoing, progress, text, attachments } = row
  const picture = attachments.length === 0 && isPicture(text)
  return (
    <li class={`${own ? 'own' : 'theirs'} bubble-row${row.first ? ' first' : ''}`}>
      {row.name && <div class="author">{row.name}</div>}
      {own && <span class="hidden">{words.say('you')}: </span>}
      {text && (
        <div class={picture ? 'picture' : 'bubble'} dir="auto" data-progress={progress}>
          {parts(text).map((part) =>
            part.href ? <Link href={part.href}>{part.text}</Link> : part.text,
          )}
        </div>
      )}
      {attachments.map((attachment) => (
        <AttachmentView key={attachment.id} attachment={attachment} words={words} />
      ))}
      {outgoing?.problem && <Problem item={outgoing} words={words} now={now} actions={actions} />}
      {row.last && !outgoing?.problem && <Meta row={row} words={words} />}
    </li>
  )
}

function Link({ href, children }: { href: string; children: string }) {
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow">
      {children}
    </a>
  )
}

const ticks = {
  sending: ['clock', 'sending'],
  sent: ['sent', 'sent'],
  read: ['read', 'read'],
  refused: ['alert', 'notSent'],
} as const

function Meta({ row, words }: { row: Bubble; words: Words }) {
  const [icon, word] = row.progress ? ticks[row.progress] : []
  return (
    <div class="meta" data-progress={row.progress}>
      {row.id !== 'greeting' && <time datetime={row.at}>{words.time(row.at)}</time>}
      {icon && word && (
        <span title={words.say(word)}>
          <Icon name={icon} />
          <span class="hidden">{words.say(word)}</span>
        </span>
      )}
    </div>
  )
}

const reasons: Record<string, Word> = {
  rate_limited: 'rateLimited',
  unavailable: 'laterAgain',
  internal: 'laterAgain',
  forbidden: 'refusedForbidden',
}

/** Why a message has not gone out; passing reasons count down to the next try. */
function Problem({ item, words, now, actions }: Omit<Props, 'row'> & { item: Outgoing }) {
  const { retryAt = now, problem = '', refused } = item
  const n = Math.max(1, Math.ceil((retryAt - now) / 1_000))
  return (
    <div class="trouble">
      <div class="problem" role={refused ? 'alert' : undefined}>
        <Icon name={refused ? 'alert' : 'clock'} />
        <span>{words.say(reasons[problem] ?? 'refused', { n })}</span>
      </div>
      <div class="actions">
        <Quiet onclick={() => actions.retry(item)}>{words.say('retry')}</Quiet>
        <Quiet onclick={() => actions.edit(item)}>{words.say('edit')}</Quiet>
        <Quiet onclick={() => actions.discard(item)}>{words.say('discard')}</Quiet>
      </div>
    </div>
  )
}

export function Quiet({ onclick, children }: { onclick: () => void; children: string }) {
  return (
    <button type="button" class="quiet" onclick={onclick}>
      {children}
    </button>
  )
}

const largest = 232
const picture = /^image\/(png|jpeg|gif|webp|avif)$/

function AttachmentView({ attachment, words }: { attachment: Attachment; words: Words }) {
  const { name, size, media_type, width, height } = attachment
  const href = fileAddress(attachment.url)
  if (picture.test(media_type) && width && height) {
    const scale = Math.min(1, largest / width, largest / height)
    return (
      <a class="image" href={href} target="_blank" rel="noopener noreferrer">
        <img
          src={href}
          alt={words.say('image', { name })}
          width={Math.round(width * scale)}
          height={Math.round(height * scale)}
        />
      </a>
    )
  }
  return (
    <a class="file" href={href} target="_blank" rel="noopener noreferrer">
      <Icon name="file" />
      <span>
        <span class="file-name">{name}</span>
        <span class="file-size">{words.size(size)}</span>
      </span>
    </a>
  )
}
