import type { LiveDialog } from '../dialog/live-dialog'
import { type Row, rows } from '../dialog/rows'
import { lastIncoming, type State } from '../dialog/state'
import type { Drawings } from '../view/drawings'
import { Listeners } from '../view/listeners'
import type { Words } from '../words/words'
import { type BubbleActions, BubbleRow, Quiet } from './bubble'
import { Icon } from './icons'

const nearEnd = 60
const nearStart = 80

/** Where the visitor reads: at the newest message, or further up, where nothing must move. */
export class Scroll extends Listeners {
  atEnd = true
  /** Something came in below while the visitor reads further up. */
  fresh = false
  readonly #live: LiveDialog
  #box: HTMLElement | null = null
  #first: number | undefined
  #height = 0
  #newest = 0
  #ownLast: string | undefined

  constructor(live: LiveDialog) {
    super()
    this.#live = live
  }

  hold(box: HTMLElement): void {
    this.#box = box
    // A picture that loads, a keyboard that comes up, a line that wraps: the end stays the end.
    const observer = new ResizeObserver(() => this.atEnd && this.toEnd())
    observer.observe(box)
    for (const child of box.children) {
      observer.observe(child)
    }
  }

  toEnd(): void {
    if (this.#box) {
      this.#box.scrollTop = this.#box.scrollHeight
    }
  }

  moved(): void {
    const box = this.#box
    if (!box) {
      return
    }
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight < nearEnd
    if (atEnd !== this.atEnd) {
      this.atEnd = atEnd
      this.fresh = false
      this.changed()
    }
    if (box.scrollTop < nearStart) {
      void this.#live.loadOlder()
    }
  }

  /** To be called after each drawing. */
  settle(open: boolean): void {
    const { timeline, outbox } = this.#live.state
    const box = this.#box
    const first = timeline.messages[0]?.seq
    const newest = lastIncoming(this.#live.state)
    const ownLast = outbox.at(-1)?.key
    const wroteNow = ownLast !== undefined && ownLast !== this.#ownLast
    if (this.atEnd || wroteNow) {
      this.toEnd()
    } else if (box && this.#first !== undefined && first !== this.#first) {
      box.scrollTop += box.scrollHeight - this.#height
    }
    if (!this.atEnd && newest > this.#newest && !this.fresh) {
      this.fresh = true
      this.changed()
    }
    this.#first = first
    this.#height = box?.scrollHeight ?? 0
    this.#newest = newest
    this.#ownLast = ownLast
    if (open && this.atEnd && document.visibilityState === 'visible') {
      this.#live.markRead(newest)
    }
  }
}

interface Props {
  live: LiveDialog
  scroll: Scroll
  words: Words
  actions: BubbleActions
  drawings: Drawings
}

export function Thread({ live, scroll, words, actions, drawings }: Props) {
  const { state } = live
  const now = Date.now()
  const waiting = state.outbox.some((item) => item.retryAt)
  const tick = Math.floor(now / (waiting ? 1_000 : 60_000))
  const { chat, link, timeline, typing, loadingOlder } = state
  return (
    <div class="thread">
      <section
        class="scroll"
        tabindex={0}
        aria-label={words.say('messages')}
        ref={(box: HTMLElement) => scroll.hold(box)}
        onscroll={() => scroll.moved()}
      >
        <div>
          {!timeline.complete && (
            <p class="older">
              {loadingOlder ? (
                words.say('loading')
              ) : (
                <Quiet onclick={() => void live.loadOlder()}>{words.say('older')}</Quiet>
              )}
            </p>
          )}
          {!chat && link !== 'closed' && <Skeleton />}
          {drawings.of('', [state.timeline, state.outbox, state.dialog, chat, words, tick], () => (
            <List state={state} words={words} now={now} actions={actions} drawings={drawings} />
          ))}
          {typing && (
            <div class="typing">
              <span class="dots" aria-hidden="true">
                <i />
                <i />
                <i />
              </span>
              {words.say('typing', { name: typing.name || words.say('operator') })}
            </div>
          )}
        </div>
      </section>
      {scroll.fresh && (
        <button type="button" class="fresh" onclick={() => scroll.toEnd()}>
          <Icon name="down" />
          {words.say('newMessages')}
        </button>
      )}
    </div>
  )
}

interface ListProps {
  state: State
  words: Words
  now: number
  actions: BubbleActions
  drawings: Drawings
}

function List({ state, words, now, actions, drawings }: ListProps) {
  return (
    <ol>
      {rows(state, words, now).map((row) =>
        drawings.of(row.id, [...Object.values(row), words, countsDown(row) && now], () =>
          row.kind === 'bubble' ? (
            <BubbleRow key={row.id} row={row} words={words} now={now} actions={actions} />
          ) : (
            <li key={row.id} class={row.kind}>
              {row.text}
            </li>
          ),
        ),
      )}
    </ol>
  )
}

function countsDown(row: Row): boolean {
  return row.kind === 'bubble' && row.outgoing?.retryAt !== undefined
}

function Skeleton() {
  return (
    <div class="skeleton" aria-hidden="true">
      <i />
      <i />
      <i />
    </div>
  )
}
