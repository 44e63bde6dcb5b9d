import type { LiveDialog } from '../dialog/live-dialog'
import type { Outgoing } from '../dialog/outbox'
import type { Store } from '../dialog/storage'
import { limits } from '../protocol/wire'
import { Listeners } from '../view/listeners'
import { runes } from './text'
import { Tray } from './tray'

interface Options {
  live: LiveDialog
  /** Where the text outlives a reload, and under what name. */
  memory: Store
  name: string
}

/** The message that is being written: its text, its files, and whether it may go. */
export class Draft extends Listeners {
  text: string
  readonly tray: Tray
  emojiShown = false
  /** Sending was asked for while files still go up. */
  waiting = false
  field: HTMLTextAreaElement | null = null
  readonly #options: Options

  constructor(options: Options) {
    super()
    this.#options = options
    this.text = options.memory.getItem(options.name) ?? ''
    this.tray = new Tray(() => options.live.visitorToken)
    this.tray.subscribe(() => this.#filesChanged())
  }

  /** Characters that still fit in. */
  get left(): number {
    return limits.textRunes - runes(this.text)
  }

  get maySend(): boolean {
    const something = this.text.trim() !== '' || this.tray.uploading || this.tray.uploaded
    return something && this.left >= 0
  }

  write(text: string): void {
    this.text = text
    try {
      this.#options.memory.setItem(this.#options.name, text)
    } catch {
      // Full: the draft lives as long as the page.
    }
    this.changed()
  }

  insert(inserted: string): void {
    const { field, text } = this
    const from = field?.selectionStart ?? text.length
    const to = field?.selectionEnd ?? text.length
    this.emojiShown = false
    this.write(text.slice(0, from) + inserted + text.slice(to))
    // Drawn in a microtask; the caret can follow only then.
    queueMicrotask(() => {
      field?.focus()
      field?.setSelectionRange(from + inserted.length, from + inserted.length)
    })
  }

  showEmoji(shown: boolean): void {
    if (shown !== this.emojiShown) {
      this.emojiShown = shown
      this.changed()
    }
  }

  wait(waiting: boolean): void {
    this.waiting = waiting
    this.changed()
  }

  send(): void {
    if (!this.maySend) {
      return
    }
    if (this.tray.uploading) {
      this.wait(true)
      return
    }
    this.waiting = false
    this.#options.live.send(this.text.trim(), this.tray.take())
    this.write('')
    this.field?.focus()
  }

  /** A message that was not accepted comes back to be changed; what was begun meanwhile stays. */
  takeBack(item: Outgoing): void {
    this.#options.live.discard(item)
    this.tray.putBack(item.attachments)
    this.write([item.text, this.text].filter(Boolean).join('\n'))
    this.field?.focus()
  }

  #filesChanged(): void {
    if (this.waiting && !this.tray.uploading) {
      this.waiting = false
      if (!this.tray.failed) {
        this.send()
      }
    }
    this.changed()
  }
}
