import type { Chat, Dialog, Message } from '../protocol/wire'
import { limits } from '../protocol/wire'
import type { Outgoing } from './outbox'
import type { State } from './state'

export interface Snapshot {
  chat: Chat | null
  dialog: Dialog | null
  messages: Message[]
}

/** The parts of Web Storage that are used; also what stands in for it where it is forbidden. */
export type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

/**
 * Who the visitor is, remembered by the site around. Some browsers forget what embedded pages
 * store as soon as they are closed, or forbid it; the site's own memory lasts.
 */
export interface SiteMemory {
  token: string | null
  keep: (token: string | null) => void
}

/**
 * What one browser remembers of a chat. Each unsent message has an entry of its own, so tabs
 * never overwrite one another's. Everything is a help only: without it (storage forbidden or
 * full) the chat works until the page is left.
 */
export class Memory {
  readonly #prefix: string
  readonly #store: Store
  readonly #site: SiteMemory

  constructor(
    store: Store,
    key: string,
    site: SiteMemory = { token: null, keep: () => undefined },
  ) {
    this.#store = store
    this.#prefix = `parley:${key}:`
    this.#site = site
  }

  get visitorToken(): string | null {
    return this.#store.getItem(`${this.#prefix}visitor`) ?? this.#site.token
  }

  set visitorToken(token: string | null) {
    this.#write('visitor', token)
    this.#site.token = token
    this.#site.keep(token)
  }

  get readSeq(): number {
    return Number(this.#store.getItem(`${this.#prefix}read`))
  }

  set readSeq(seq: number) {
    this.#write('read', String(seq))
  }

  outgoing(): Outgoing[] {
    const items: Outgoing[] = []
    for (let index = 0; index < this.#store.length; index += 1) {
      const name = this.#store.key(index)
      if (name?.startsWith(`${this.#prefix}out:`)) {
        const item = parse<Outgoing>(this.#store.getItem(name))
        if (item?.key) {
          items.push(item)
        }
      }
    }
    return items
  }

  put(item: Outgoing): void {
    this.#write(`out:${item.key}`, JSON.stringify(item))
  }

  drop(key: string): void {
    this.#write(`out:${key}`, null)
  }

  snapshot(): Snapshot | null {
    return parse<Snapshot>(this.#store.getItem(`${this.#prefix}snapshot`))
  }

  keep({ chat, dialog, timeline }: State): void {
    const whole = timeline.messages.filter((message) => message.seq <= timeline.seen)
    this.#write('snapshot', JSON.stringify({ chat, dialog, messages: whole.slice(-limits.page) }))
  }

  /** Another visitor from here on. */
  forget(): void {
    this.visitorToken = null
    this.#write('snapshot', null)
    this.#write('read', null)
  }

  /** What another tab did, told by its storage event. */
  change(event: Pick<StorageEvent, 'key' | 'newValue'>): Change | null {
    const name = event.key?.startsWith(this.#prefix) ? event.key.slice(this.#prefix.length) : ''
    if (name === 'read') {
      return { is: 'read', seq: Number(event.newValue) }
    }
    if (!name.startsWith('out:')) {
      return null
    }
    const item = parse<Outgoing>(event.newValue)
    return item ? { is: 'outgoing', item } : { is: 'dropped', key: name.slice('out:'.length) }
  }

  #write(name: string, value: string | null): void {
    try {
      if (value === null) {
        this.#store.removeItem(this.#prefix + name)
      } else {
        this.#store.setItem(this.#prefix + name, value)
      }
    } catch {
      // Full or forbidden: the dialog goes on in memory.
    }
  }
}

export type Change =
  | { is: 'read'; seq: number }
  | { is: 'outgoing'; item: Outgoing }
  | { is: 'dropped'; key: string }

function parse<T>(text: string | null): T | null {
  try {
    return text ? (JSON.parse(text) as T) : null
  } catch {
    return null
  }
}

/** Browsers throw on the mere mention of storage that they forbid to embedded pages. */
export function browserStore(kind: 'localStorage' | 'sessionStorage'): Store {
  try {
    const store = window[kind]
    store.getItem('parley')
    return store
  } catch {
    return new VolatileStore()
  }
}

export class VolatileStore implements Store {
  readonly #entries = new Map<string, string>()

  get length(): number {
    return this.#entries.size
  }

  key(index: number): string | null {
    return [...this.#entries.keys()][index] ?? null
  }

  getItem(name: string): string | null {
    return this.#entries.get(name) ?? null
  }

  setItem(name: string, value: string): void {
    this.#entries.set(name, value)
  }

  removeItem(name: string): void {
    this.#entries.delete(name)
  }
}
