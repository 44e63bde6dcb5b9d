import type { Visitor } from '../protocol/http'
import type { Socket, SocketOptions } from '../protocol/socket'
import { CallError } from '../protocol/socket'
import type { Attachment, Message, Page, Publication, Synced, Token, Visit } from '../protocol/wire'
import { limits } from '../protocol/wire'
import { Listeners } from '../view/listeners'
import type { Outgoing } from './outbox'
import { again } from './outbox'
import { Sender } from './sender'
import type { Fact, State } from './state'
import { start, step } from './state'
import type { Change, Memory } from './storage'
import { hasGap } from './timeline'

export interface Ports {
  visit: (visitor: Visitor) => Promise<Visit>
  freshToken: (visitorToken: string) => Promise<Token>
  socket: (options: Omit<SocketOptions, 'url'>) => Pick<Socket, keyof Socket>
  memory: Memory
  /** Runs one at a time over all tabs of this browser. */
  alone: (name: string, work: () => Promise<void>) => Promise<void>
  hasNetwork: () => boolean
}

type Timer = ReturnType<typeof setTimeout>

const firstGapWait = 300
const longestGapWait = 30_000
const firstVisitWait = 1_000
const longestVisitWait = 30_000
const typingEvery = 3_000
/** Another tab sends what it wrote; only if it could not, this one does. */
const adoptAfter = 6_000

/**
 * The visitor's side of a dialog: keeps `state` true by visiting, listening, sending, asking for
 * what is missing, and remembering. All decisions about data are in `step`, `timeline` and
 * `outbox`; here are the timers and the wire.
 */
export class LiveDialog extends Listeners {
  state: State = start
  readonly #socket: Pick<Socket, keyof Socket>
  #visitor: Visitor
  #token: Token | null = null
  #visiting = false
  #visited = false
  #listening = false
  #opened = false
  #openTold = false
  #syncing = false
  #readTold = 0
  #typedAt = 0
  #visitWait = firstVisitWait
  #gapWait = firstGapWait
  readonly #sender: Sender
  readonly #timers: Partial<Record<'visit' | 'gap' | 'typing' | 'keep', Timer>> = {}

  readonly #ports: Ports

  constructor(ports: Ports, visitor: Omit<Visitor, 'visitor_token'>) {
    super()
    this.#ports = ports
    this.#visitor = visitor
    this.#socket = ports.socket({
      token: (fresh) => this.#connectionToken(fresh),
      onOpen: () => this.#onOpen(),
      onDown: () => this.#linkDown(),
      onRefused: () => this.#visitLater(),
      onPublication: (data) => this.#onPublication(data as Publication),
    })
    this.#sender = new Sender({
      outbox: () => this.state.outbox,
      isOpen: () => this.#socket.isOpen,
      send: (item) => this.#sendNow(item),
      alone: ports.alone,
      accepted: (key, message) => this.#apply({ is: 'accepted', key, message }),
      failed: (item) => this.#apply({ is: 'outgoing', item }),
    })
  }

  /** Shows what this browser remembers, then asks the server. */
  begin(): void {
    const { memory } = this.#ports
    const snapshot = memory.visitorToken ? memory.snapshot() : null
    if (snapshot) {
      this.#apply({ is: 'restored', ...snapshot })
      this.#apply({ is: 'read', seq: memory.readSeq })
    }
    for (const item of memory.outgoing()) {
      this.#apply({ is: 'outgoing', item })
    }
    void this.#enter()
  }

  /** The visitor looks at the chat: from now on it is worth a connection. */
  open(): void {
    this.#opened = true
    this.#listen()
    this.#tellOpened()
  }

  moveTo(page: Page): void {
    this.#visitor = { ...this.#visitor, page }
  }

  /** The visitor's token, once there is one: uploads carry it. */
  get visitorToken(): string | null {
    return this.#ports.memory.visitorToken
  }

  send(text: string, attachments: readonly Attachment[]): void {
    // The clock may stand still or be set back; what was written later stays later.
    const at = Math.max(Date.now(), (this.state.outbox.at(-1)?.at ?? 0) + 1)
    const { page } = this.#visitor
    this.#apply({ is: 'outgoing', item: { key: newKey(), text, attachments, page, at, tries: 0 } })
    this.#typedAt = 0
    this.#listen()
    void this.#sender.flush()
  }

  retry(item: Outgoing): void {
    this.#apply({ is: 'outgoing', item: again(item) })
    void this.#sender.flush()
  }

  discard(item: Outgoing): void {
    this.#apply({ is: 'dropped', key: item.key })
  }

  markRead(seq: number): void {
    if (seq > (this.state.dialog?.contact_read_seq ?? 0)) {
      this.#apply({ is: 'read', seq })
      this.#ports.memory.readSeq = seq
      void this.#tellRead()
    }
  }

  typing(): void {
    const now = Date.now()
    if (this.#socket.isOpen && this.state.dialog && now - this.#typedAt >= typingEvery) {
      this.#typedAt = now
      this.#socket.call('typing', {}).catch(ignore)
    }
  }

  async loadOlder(): Promise<void> {
    const first = this.state.timeline.messages[0]
    if (!first || this.state.loadingOlder || this.state.timeline.complete || !this.#socket.isOpen) {
      return
    }
    this.#apply({ is: 'loading older', loading: true })
    try {
      const request = { before_seq: first.seq, limit: limits.page }
      const { items } = await this.#socket.call<{ items: Message[] }>('history', request)
      this.#apply({ is: 'older', items })
    } catch {
      this.#apply({ is: 'loading older', loading: false })
    }
  }

  /** What another tab of this browser did. */
  foreign(change: Change): void {
    this.#apply(change, true)
    if (change.is === 'outgoing') {
      this.#sender.flushAfter(adoptAfter)
    }
  }

  networkChanged(): void {
    if (this.#ports.hasNetwork()) {
      this.wake()
    } else {
      this.#socket.cut()
      this.#linkDown()
    }
  }

  /** The page is looked at again, or the network is back: don't sit out a long wait. */
  wake(): void {
    if (this.#socket.isOpen) {
      void this.#sync()
      return
    }
    if (this.state.link === 'closed') {
      return
    }
    this.#linkDown()
    this.#socket.hurry()
    if (!this.#visited) {
      this.#visitWait = firstVisitWait
      void this.#enter()
    }
  }

  /** The page is left, maybe to come back: browsers keep only pages without open connections. */
  sleep(): void {
    this.keepNow()
    this.#socket.cut()
  }

  keepNow(): void {
    clearTimeout(this.#timers.keep)
    this.#ports.memory.keep(this.state)
  }

  async #enter(): Promise<void> {
    if (this.#visiting) {
      return
    }
    this.#visiting = true
    clearTimeout(this.#timers.visit)
    try {
      // Two tabs of a newcomer must not become two visitors: the second takes the first's token.
      await (this.visitorToken ? this.#visit() : this.#ports.alone('visit', () => this.#visit()))
    } catch (error) {
      this.#visitFailed(error)
    } finally {
      this.#visiting = false
    }
  }

  async #visit(): Promise<void> {
    const { memory } = this.#ports
    const known = memory.visitorToken
    const visit = await this.#ports.visit({ ...this.#visitor, visitor_token: known ?? undefined })
    memory.visitorToken = visit.visitor_token
    this.#token = visit
    this.#visited = true
    this.#visitWait = firstVisitWait
    this.#readTold = visit.dialog?.contact_read_seq ?? 0
    this.#apply({ is: 'visited', visit })
    this.#listen()
    if (!this.#listening) {
      this.#apply({ is: 'link', link: 'idle' })
    }
  }

  #visitFailed(error: unknown): void {
    const code = error instanceof CallError ? error.code : 'link'
    if (code === 'link' || code === 'rate_limited') {
      this.#visitLater(error instanceof CallError ? error.retryAfter : 0)
    } else if (code === 'unauthenticated' && this.visitorToken) {
      this.#ports.memory.forget()
      this.#apply({ is: 'forgotten' })
      this.#visitLater()
    } else {
      this.#apply({ is: 'link', link: 'closed' })
    }
  }

  #visitLater(atLeast = 0): void {
    this.#visited = false
    this.#linkDown()
    clearTimeout(this.#timers.visit)
    this.#timers.visit = setTimeout(
      () => void this.#enter(),
      atLeast + this.#visitWait * (0.5 + Math.random()),
    )
    this.#visitWait = Math.min(this.#visitWait * 2, longestVisitWait)
  }

  /** A visitor who only looks around the site costs the server no socket. */
  #listen(): void {
    const { dialog, outbox } = this.state
    if (this.#visited && !this.#socket.isOpen && (this.#opened || dialog || outbox.length > 0)) {
      this.#listening = true
      this.#linkDown()
      this.#socket.start()
    }
  }

  async #connectionToken(fresh: boolean): Promise<string> {
    const token = this.#token
    if (token && !fresh && Date.parse(token.expires_at) - Date.now() > 10_000) {
      return token.connection_token
    }
    this.#token = await this.#ports.freshToken(this.visitorToken ?? '')
    return this.#token.connection_token
  }

  #onOpen(): void {
    this.#apply({ is: 'link', link: 'online' })
    void this.#sync()
    void this.#sender.flush()
    void this.#tellRead()
    this.#tellOpened()
  }

  /** Some chats begin the dialog with their greeting as soon as the widget is opened. */
  #tellOpened(): void {
    const { chat, dialog, outbox } = this.state
    const begun = dialog || outbox.length > 0
    if (this.#opened && !this.#openTold && this.#socket.isOpen && chat?.greet_on_open && !begun) {
      this.#openTold = true
      this.#socket.call('open', { page: this.#visitor.page }).catch(() => {
        this.#openTold = false
      })
    }
  }

  #linkDown(): void {
    const { link } = this.state
    const next = this.#ports.hasNetwork() ? 'connecting' : 'offline'
    const unused = this.#visited && !this.#listening
    if (link !== next && link !== 'closed' && !unused) {
      this.#apply({ is: 'link', link: next })
    }
  }

  #onPublication(publication: Publication): void {
    this.#apply({ is: 'published', publication, now: Date.now() })
  }

  async #sync(): Promise<void> {
    if (this.#syncing) {
      return
    }
    this.#syncing = true
    try {
      let after: number
      do {
        after = this.state.timeline.seen
        const answer = await this.#socket.call<Synced>('sync', { after_seq: after })
        this.#apply({ is: 'synced', answer, after })
        // A long absence comes in pages; the one that brings nothing new is the last.
      } while (this.state.timeline.seen > after)
    } catch {
      // The next connection, or the gap's timer, asks again.
    } finally {
      this.#syncing = false
      this.#watchGap()
    }
  }

  async #sendNow({ key, text, attachments, page }: Outgoing): Promise<Message> {
    const request = { key, text, attachments: attachments.map((file) => file.id), page }
    return (await this.#socket.call<{ message: Message }>('send', request)).message
  }

  async #tellRead(): Promise<void> {
    const seq = this.state.dialog?.contact_read_seq ?? 0
    if (seq <= this.#readTold || !this.#socket.isOpen) {
      return
    }
    try {
      await this.#socket.call('read', { seq })
      this.#readTold = Math.max(this.#readTold, seq)
    } catch {
      // Told again with the next one or after reconnecting.
    }
  }

  #watchGap(): void {
    if (!hasGap(this.state.timeline)) {
      clearTimeout(this.#timers.gap)
      this.#timers.gap = undefined
      this.#gapWait = firstGapWait
    } else if (!this.#timers.gap && this.#socket.isOpen) {
      // Events may overtake one another by a little; most gaps close by themselves.
      this.#timers.gap = setTimeout(() => {
        this.#timers.gap = undefined
        this.#gapWait = Math.min(this.#gapWait * 2, longestGapWait)
        void this.#sync()
      }, this.#gapWait)
    }
  }

  #apply(fact: Fact, foreign = false): void {
    const before = this.state
    this.state = step(before, fact)
    if (this.state === before) {
      return
    }
    if (!foreign) {
      this.#rememberOutbox(before)
    }
    this.#watchGap()
    this.#watchTyping()
    clearTimeout(this.#timers.keep)
    this.#timers.keep = setTimeout(() => this.keepNow(), 500)
    this.changed()
  }

  #rememberOutbox(before: State): void {
    for (const item of this.state.outbox) {
      if (!before.outbox.includes(item)) {
        this.#ports.memory.put(item)
      }
    }
    for (const { key } of before.outbox) {
      if (!this.state.outbox.some((item) => item.key === key)) {
        this.#ports.memory.drop(key)
      }
    }
  }

  #watchTyping(): void {
    clearTimeout(this.#timers.typing)
    const { typing } = this.state
    if (typing) {
      const wait = typing.until - Date.now()
      this.#timers.typing = setTimeout(
        () => {
          this.#apply({ is: 'typing over', now: Date.now() })
        },
        Math.max(wait, 0),
      )
    }
  }
}

function ignore(): void {}

/** A random UUID; crypto.randomUUID is missing on pages served without TLS. */
function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}
