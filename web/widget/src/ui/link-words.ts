import type { Link } from '../dialog/state'
import { Listeners } from '../view/listeners'
import type { Word } from '../words/en'

const shortBreak = 1_500
const longBreak = 10_000
const goodNewsLasts = 2_500

/** The state of the connection in a word; short breaks are not worth any. */
export class LinkWords extends Listeners {
  word: Word | null = null
  #link: Link = 'idle'
  #timers: ReturnType<typeof setTimeout>[] = []

  follow(link: Link): void {
    if (link === this.#link) {
      return
    }
    this.#link = link
    this.#timers.forEach(clearTimeout)
    this.#timers = []
    if (link === 'offline') {
      this.#say('offline')
    } else if (link === 'closed') {
      this.#say('notHere')
    } else if (link === 'connecting') {
      this.#later('connecting', shortBreak)
      this.#later('unreachable', longBreak)
    } else {
      this.#say(this.word && 'backOnline')
      this.#later(null, goodNewsLasts)
    }
  }

  #say(word: Word | null): void {
    if (word !== this.word) {
      this.word = word
      this.changed()
    }
  }

  #later(word: Word | null, wait: number): void {
    this.#timers.push(setTimeout(() => this.#say(word), wait))
  }
}
