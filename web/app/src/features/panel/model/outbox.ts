import { newKey } from '@/lib/api/idempotency'
import type { Attachment, Message } from '@/lib/api/types'
import type { DraftKind } from './drafts'
import { readJSON, type Store } from './store'

/** Outgoing is a message on its way; its key makes every further try the same message for the server. */
export interface Outgoing {
  key: string
  dialog: string
  kind: DraftKind
  text: string
  attachments: Attachment[]
  replyTo: string | null
  at: number
  /** sending: on the wire; waiting: for the network or its turn; failed: a person decides. */
  state: 'sending' | 'waiting' | 'failed'
  code: string | null
  requestId: string
}

export type NewMessage = Pick<Outgoing, 'kind' | 'text' | 'attachments' | 'replyTo'>

/** Refusal is what the sender needs to know of a failed call. */
export interface Refusal {
  code: string
  requestId: string
  retryAfter?: number
}

export interface OutboxPorts {
  post: (entry: Outgoing) => Promise<Message>
  refusalOf: (thrown: unknown) => Refusal
  onSent: (entry: Outgoing, message: Message) => void
  /** Money refuses: the texts go back to where they were typed. */
  onReturned: (dialog: string, entries: Outgoing[], thrown: unknown) => void
  store: Store
  prefix: string
  now?: () => number
  newKey?: () => string
  later?: (work: () => void, ms: number) => void
}

const moneyRefuses = new Set(['insufficient_funds', 'seller_suspended'])
const passes = new Set(['network', 'unavailable', 'disk_full', 'unauthenticated', 'rate_limited'])
const longestWait = 30_000
/** A text that slept in a closed browser may no longer fit: its author decides. */
const freshFor = 10 * 60_000

function isOutgoing(value: unknown): value is Outgoing {
  if (typeof value !== 'object' || value === null) return false
  const { key, dialog, text, attachments, at } = value as Partial<Outgoing>
  return (
    typeof key === 'string' &&
    typeof dialog === 'string' &&
    typeof text === 'string' &&
    Array.isArray(attachments) &&
    typeof at === 'number'
  )
}

const none: Outgoing[] = []

/** Outbox sends each dialog's messages one after another and never forgets one that is not stored. */
export class Outbox {
  private entries: Outgoing[]
  private byDialog = new Map<string, Outgoing[]>()
  private readonly busy = new Set<string>()
  private readonly tries = new Map<string, number>()
  private readonly listeners = new Set<() => void>()
  private readonly now: () => number
  private readonly newKey: () => string
  private readonly later: (work: () => void, ms: number) => void

  constructor(private readonly ports: OutboxPorts) {
    this.now = ports.now ?? Date.now
    this.newKey = ports.newKey ?? newKey
    this.later = ports.later ?? ((work, ms) => void setTimeout(work, ms))
    this.entries = this.kept()
    this.index()
  }

  of = (dialog: string): Outgoing[] => this.byDialog.get(dialog) ?? none

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  send(dialog: string, message: NewMessage): void {
    this.put({
      ...message,
      dialog,
      key: this.newKey(),
      at: this.now(),
      state: 'waiting',
      code: null,
      requestId: '',
    })
    void this.pump(dialog)
  }

  /** retry tries a failed one again; what the server has refused gets a fresh key, as it stored nothing. */
  retry(key: string): void {
    const entry = this.entries.find((e) => e.key === key)
    if (!entry) return
    const again: Outgoing = { ...entry, state: 'waiting', code: null, at: this.now() }
    if (entry.code !== 'internal' && entry.code !== 'stale') {
      this.drop(key)
      again.key = this.newKey()
    }
    this.put(again)
    void this.pump(entry.dialog)
  }

  /** take removes one, to delete it or to edit it in the composer. */
  take(key: string): Outgoing | undefined {
    const entry = this.entries.find((e) => e.key === key && e.state !== 'sending')
    if (entry) {
      this.drop(key)
      this.tell()
    }
    return entry
  }

  /** resume is for the moment the network is back. */
  resume(): void {
    this.tries.clear()
    for (const dialog of new Set(this.entries.map((e) => e.dialog))) void this.pump(dialog)
  }

  private async pump(dialog: string): Promise<void> {
    if (this.busy.has(dialog)) return
    this.busy.add(dialog)
    try {
      for (;;) {
        const next = this.of(dialog).find((e) => e.state === 'waiting')
        if (!next || !(await this.deliver(next))) return
      }
    } finally {
      this.busy.delete(dialog)
    }
  }

  /** deliver tells whether the next one may follow. */
  private async deliver(entry: Outgoing): Promise<boolean> {
    const sending: Outgoing = { ...entry, state: 'sending', code: null }
    this.put(sending)
    try {
      const message = await this.ports.post(sending)
      this.tries.delete(entry.key)
      this.ports.onSent(sending, message)
      this.drop(entry.key)
      this.tell()
      return true
    } catch (thrown) {
      return this.refused(sending, thrown)
    }
  }

  private refused(entry: Outgoing, thrown: unknown): boolean {
    const { code, requestId, retryAfter } = this.ports.refusalOf(thrown)
    if (moneyRefuses.has(code)) {
      const returned = this.of(entry.dialog).filter((e) => e.state !== 'failed')
      for (const { key } of returned) this.drop(key)
      this.tell()
      this.ports.onReturned(entry.dialog, returned, thrown)
      return false
    }
    const tries = (this.tries.get(entry.key) ?? 0) + 1
    this.tries.set(entry.key, tries)
    if (passes.has(code) || (code === 'internal' && tries < 4)) {
      this.put({ ...entry, state: 'waiting', code, requestId })
      const pause = retryAfter ? retryAfter * 1000 : Math.min(longestWait, 1000 * 2 ** tries)
      this.later(() => void this.pump(entry.dialog), pause)
      return false
    }
    this.tries.delete(entry.key)
    this.put({ ...entry, state: 'failed', code, requestId })
    return true
  }

  private put(entry: Outgoing): void {
    const at = this.entries.findIndex((e) => e.key === entry.key)
    this.entries = at < 0 ? [...this.entries, entry] : this.entries.with(at, entry)
    this.ports.store.set(this.ports.prefix + entry.key, JSON.stringify(entry))
    this.tell()
  }

  private drop(key: string): void {
    this.entries = this.entries.filter((e) => e.key !== key)
    this.ports.store.remove(this.ports.prefix + key)
  }

  private kept(): Outgoing[] {
    const { store, prefix } = this.ports
    const found = store.keys().flatMap((key): Outgoing[] => {
      if (!key.startsWith(prefix)) return []
      const entry = readJSON(store, key, isOutgoing)
      if (!entry) {
        store.remove(key)
        return []
      }
      const fresh = this.now() - entry.at < freshFor
      if (entry.state === 'failed') return [entry]
      return [fresh ? { ...entry, state: 'waiting' } : { ...entry, state: 'failed', code: 'stale' }]
    })
    return found.sort((a, b) => a.at - b.at)
  }

  private index(): void {
    this.byDialog = new Map()
    for (const entry of this.entries) {
      this.byDialog.set(entry.dialog, [...this.of(entry.dialog), entry])
    }
  }

  private tell(): void {
    this.index()
    for (const listener of this.listeners) listener()
  }
}
