/**
 * The few commands of the centrifuge JSON protocol that a visitor needs: connect with a token,
 * call, refresh the token, answer pings, take publications. The official client does much more
 * and is alone nearly as large as the whole widget may be.
 */
export interface SocketOptions {
  url: string
  /** A token that is still good; asked for before every connect and refresh. */
  token: (fresh: boolean) => Promise<string>
  /** After this the server's publications come; what was missed before must be asked for. */
  onOpen: () => void
  onDown: () => void
  /** The server will not have this connection again without a new visit. */
  onRefused: () => void
  onPublication: (data: unknown) => void
}

/**
 * code is the server's fault code, or `link` when no answer came and the call may be repeated;
 * retryAfter is in milliseconds, where the server knows when another try makes sense.
 */
export class CallError extends Error {
  constructor(
    readonly code: string,
    readonly retryAfter?: number,
  ) {
    super(code)
  }
}

interface Reply {
  id?: number
  error?: { code: number; message: string; temporary?: boolean }
  connect?: { ping?: number; pong?: boolean; expires?: boolean; ttl?: number }
  refresh?: { expires?: boolean; ttl?: number }
  rpc?: { data?: unknown }
  push?: {
    pub?: { data: unknown }
    disconnect?: { code: number; reason: string }
  }
}

type Timer = ReturnType<typeof setTimeout>

interface Pending {
  resolve: (reply: Reply) => void
  reject: (error: CallError) => void
  timer: Timer
}

const answerWithin = 10_000
const shortestWait = 400
const longestWait = 20_000
/** Internal error, token expired, connection expired, too many requests. */
const passing = [100, 109, 110, 111]

export class Socket {
  #socket: WebSocket | null = null
  #pending = new Map<number, Pending>()
  #lastId = 0
  #attempt = 0
  #wanted = false
  #open = false
  #staleToken = false
  #reconnectTimer: Timer | undefined
  #refreshTimer: Timer | undefined
  #silenceTimer: Timer | undefined
  #silenceLimit = 0
  #answersPings = false

  readonly #options: SocketOptions

  constructor(options: SocketOptions) {
    this.#options = options
  }

  get isOpen(): boolean {
    return this.#open
  }

  start(): void {
    if (!this.#wanted) {
      this.#wanted = true
      void this.#connect()
    }
  }

  stop(): void {
    this.#wanted = false
    clearTimeout(this.#reconnectTimer)
    this.#hangUp()
  }

  /** Something tells that a new try is worth it now: the network is back, the page is in front. */
  hurry(): void {
    if (this.#wanted && !this.#open && !this.#socket) {
      this.#attempt = 0
      this.#reconnectAfter(0)
    }
  }

  /** The network is known to be gone; waiting for a timeout would only delay saying so. */
  cut(): void {
    if (this.#socket) {
      this.#hangUp()
      this.#reconnectLater()
    }
  }

  async call<T>(method: string, data: unknown): Promise<T> {
    if (!this.#open) {
      throw new CallError('link')
    }
    const reply = await this.#ask({ rpc: { method, data } })
    return reply.rpc?.data as T
  }

  async #connect(): Promise<void> {
    let token: string
    try {
      token = await this.#options.token(this.#staleToken)
      this.#staleToken = false
    } catch (error) {
      if (error instanceof CallError && error.code !== 'link') {
        this.#refuse()
      } else {
        this.#reconnectLater()
      }
      return
    }
    if (!this.#wanted || this.#socket) {
      return
    }
    const socket = new WebSocket(this.#options.url)
    this.#socket = socket
    // A server that takes the socket but says nothing counts as silent, too.
    this.#silenceLimit = answerWithin
    this.#heard()
    socket.onopen = () => {
      this.#ask({ connect: { token, name: 'widget' } }).then(
        (reply) => this.#connected(reply),
        () => {
          this.#staleToken = true
          this.#lost(socket, 0)
        },
      )
    }
    socket.onmessage = (event) => this.#take(socket, String(event.data))
    socket.onclose = (event) => this.#lost(socket, event.code)
  }

  #connected(reply: Reply): void {
    const { ping = 0, pong = false } = reply.connect ?? {}
    this.#open = true
    this.#answersPings = pong
    this.#silenceLimit = ping ? ping * 1000 + answerWithin : 0
    this.#heard()
    this.#refreshBefore(reply.connect?.expires ? reply.connect.ttl : 0)
    this.#options.onOpen()
  }

  #take(socket: WebSocket, frame: string): void {
    if (socket !== this.#socket) {
      return
    }
    this.#heard()
    for (const line of frame.split('\n')) {
      if (line) {
        this.#handle(socket, JSON.parse(line) as Reply)
      }
    }
  }

  #handle(socket: WebSocket, reply: Reply): void {
    const waiting = reply.id ? this.#pending.get(reply.id) : undefined
    if (waiting) {
      this.#pending.delete(reply.id as number)
      clearTimeout(waiting.timer)
      if (reply.error) {
        waiting.reject(this.#fault(reply.error))
      } else {
        // Only a server that really answers calls ends the growing of the waits.
        this.#attempt = reply.rpc ? 0 : this.#attempt
        waiting.resolve(reply)
      }
    } else if (reply.push?.pub) {
      this.#options.onPublication(reply.push.pub.data)
    } else if (reply.push?.disconnect) {
      this.#lost(socket, reply.push.disconnect.code)
    } else if (!reply.id && !reply.push && this.#answersPings) {
      socket.send('{}')
    }
  }

  #fault(error: NonNullable<Reply['error']>): CallError {
    // Own faults start at 1000 and carry their code as the message, and maybe the seconds to wait:
    // "rate_limited;retry_after=12". Below are the protocol's.
    if (error.code >= 1000) {
      const [code = '', after] = error.message.split(';retry_after=')
      return new CallError(code, inMilliseconds(after))
    }
    return new CallError(
      error.temporary || passing.includes(error.code) ? 'unavailable' : 'invalid',
    )
  }

  #ask(command: Record<string, unknown>): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const socket = this.#socket
      if (socket?.readyState !== WebSocket.OPEN) {
        reject(new CallError('link'))
        return
      }
      this.#lastId += 1
      const id = this.#lastId
      const timer = setTimeout(() => {
        // No answer on a socket that says it is open: it is half dead, only a new one helps.
        this.#lost(socket, 0)
      }, answerWithin)
      this.#pending.set(id, { resolve, reject, timer })
      socket.send(JSON.stringify({ id, ...command }))
    })
  }

  #lost(socket: WebSocket, code: number): void {
    if (socket !== this.#socket) {
      return
    }
    this.#hangUp()
    if ((code >= 3500 && code < 4000) || (code >= 4500 && code < 5000)) {
      this.#refuse()
    } else {
      this.#reconnectLater()
    }
  }

  #refuse(): void {
    if (this.#wanted) {
      this.#wanted = false
      this.#options.onRefused()
    }
  }

  #hangUp(): void {
    const socket = this.#socket
    const pending = this.#pending
    const wasOpen = this.#open
    this.#socket = null
    this.#open = false
    this.#pending = new Map()
    clearTimeout(this.#refreshTimer)
    clearTimeout(this.#silenceTimer)
    socket?.close()
    for (const { reject, timer } of pending.values()) {
      clearTimeout(timer)
      reject(new CallError('link'))
    }
    if (wasOpen || socket) {
      this.#options.onDown()
    }
  }

  #reconnectLater(): void {
    const most = Math.min(longestWait, shortestWait * 2 ** this.#attempt)
    this.#attempt += 1
    // Spread over the whole span: after a restart not all visitors must come at once.
    this.#reconnectAfter(shortestWait / 2 + Math.random() * most)
  }

  #reconnectAfter(wait: number): void {
    clearTimeout(this.#reconnectTimer)
    if (this.#wanted) {
      this.#reconnectTimer = setTimeout(() => void this.#connect(), wait)
    }
  }

  #heard(): void {
    clearTimeout(this.#silenceTimer)
    const socket = this.#socket
    const silenceLimit = this.#silenceLimit
    if (socket && silenceLimit) {
      this.#silenceTimer = setTimeout(() => this.#lost(socket, 0), silenceLimit)
    }
  }

  #refreshBefore(ttl = 0): void {
    clearTimeout(this.#refreshTimer)
    if (ttl > 0) {
      // Timers above 2^31 ms fire at once.
      const wait = Math.min(Math.max(ttl - 15, ttl / 2) * 1000, 2_000_000_000)
      this.#refreshTimer = setTimeout(() => void this.#refresh(), wait)
    }
  }

  async #refresh(): Promise<void> {
    try {
      const token = await this.#options.token(true)
      const reply = await this.#ask({ refresh: { token } })
      this.#refreshBefore(reply.refresh?.expires ? reply.refresh.ttl : 0)
    } catch {
      // The server ends an expired connection; the reconnect asks for a token again.
      this.#staleToken = true
    }
  }
}

/** Seconds as the server writes them; nothing for what is no number. */
export function inMilliseconds(seconds: string | null | undefined): number | undefined {
  return Number(seconds) > 0 ? Number(seconds) * 1000 : undefined
}
