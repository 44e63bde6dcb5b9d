import type { ToFrame, ToLoader } from '../bridge'
import type { LiveDialog } from '../dialog/live-dialog'
import { titleOf } from '../dialog/rows'
import { unread } from '../dialog/state'
import type { Store as Storage } from '../dialog/storage'
import { Listeners } from '../view/listeners'
import { choose, Words } from '../words/words'
import { accentOf } from './colour'

export interface PanelOptions {
  live: LiveDialog
  /** How to speak to the site around; null where the chat is a page of its own. */
  tell: ((message: ToLoader) => void) | null
  /** What this tab remembers from page to page, and the name for it. */
  memory: Storage
  name: string
  language: string | null
}

/**
 * The chat's place in the site: open or closed, its language and colours, and what the launcher
 * outside has to know. Without a site around it, the chat is always open.
 */
export class Panel extends Listeners {
  isOpen: boolean
  /** The visitor opened it by hand, not the reload of a page on which it stood open. */
  wantsFocus = false
  readonly mayClose: boolean
  words: Words
  readonly #options: PanelOptions
  readonly #told = new Map<string, string>()

  constructor(options: PanelOptions) {
    super()
    this.#options = options
    this.mayClose = options.tell !== null
    this.isOpen = !this.mayClose
    this.words = new Words(choose(options.language, navigator.languages))
    this.#dress()
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => this.#dress())
    options.live.subscribe(() => this.#follow())
  }

  take(message: ToFrame): void {
    if (message.parley === 'opened') {
      this.wantsFocus = message.focus && !matchMedia('(pointer: coarse)').matches
      this.#turn(true)
    } else if (message.parley === 'closed') {
      this.#turn(false)
    } else if (message.parley === 'page') {
      this.#options.live.moveTo(message.page)
    }
  }

  /** A chat that stood open on the page before stands open on this one. */
  reopen(): void {
    if (this.#options.memory.getItem(this.#options.name)) {
      this.#options.tell?.({ parley: 'open' })
    }
  }

  close(): void {
    this.#options.tell?.({ parley: 'close' })
  }

  #turn(open: boolean): void {
    this.isOpen = open
    try {
      this.#options.memory.setItem(this.#options.name, open ? '1' : '')
    } catch {
      // Forbidden: the next page begins with a closed chat.
    }
    if (open) {
      this.#options.live.open()
    }
    this.changed()
  }

  #follow(): void {
    const { state } = this.#options.live
    const language = choose(this.#options.language, navigator.languages, state.chat?.languages)
    if (language !== this.words.language) {
      this.words = new Words(language)
      this.changed()
    }
    this.#dress()
    const count = this.isOpen ? 0 : unread(state)
    const label = count ? this.words.unread(count) : ''
    this.#tellOnce({ parley: 'unread', count, label })
  }

  #dress(): void {
    const { chat, link } = this.#options.live.state
    const root = document.documentElement
    const dark = matchMedia('(prefers-color-scheme: dark)').matches
    root.dataset.theme = dark ? 'dark' : 'light'
    if (link === 'closed') {
      this.#tellOnce({ parley: 'gone' })
    }
    if (!chat || link === 'closed') {
      return
    }
    const { accent, onAccent, onLight, onDark } = accentOf(chat.look.accent)
    root.style.setProperty('--p-accent', accent)
    root.style.setProperty('--p-accent-on', onAccent)
    root.style.setProperty('--p-accent-text', dark ? onDark : onLight)
    root.style.setProperty('--p-focus', dark ? onDark : onLight)
    const { words } = this
    const title = titleOf(chat, words)
    this.#tellOnce({
      parley: 'look',
      look: {
        accent,
        onAccent,
        side: chat.look.side,
        text: chat.look.launcher === 'text' ? title : null,
        title,
        open: words.say('open'),
        close: words.say('close'),
      },
    })
  }

  #tellOnce(message: ToLoader): void {
    const text = JSON.stringify(message)
    if (this.#told.get(message.parley) !== text) {
      this.#told.set(message.parley, text)
      this.#options.tell?.(message)
    }
  }
}
