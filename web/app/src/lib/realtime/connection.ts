import type { Centrifuge, Subscription } from 'centrifuge'
import { type ConnectionState, isRealtimeEvent, type RealtimeEvent } from './events'

type Handler = (event: RealtimeEvent, channel: string) => void

interface Thread {
  users: number
  subscription?: Subscription
}

/**
 * Connection is one company's live line. It may be used before the transport has loaded: handlers and wanted
 * channels are kept and joined as soon as it is there.
 */
export class Connection {
  private client: Centrifuge | undefined
  private closed = false
  private readonly handlers = new Set<Handler>()
  private readonly stateListeners = new Set<() => void>()
  private readonly reconnectListeners = new Set<() => void>()
  private readonly threads = new Map<string, Thread>()
  private wasOnline = false
  state: ConnectionState = 'connecting'

  constructor(private readonly company: number) {}

  async open(): Promise<void> {
    const { Centrifuge } = await import('centrifuge')
    if (this.closed) return
    const base = window.location.origin
    const client = new Centrifuge(
      [
        { transport: 'websocket', endpoint: `${base.replace(/^http/, 'ws')}/realtime/websocket` },
        { transport: 'http_stream', endpoint: `${base}/realtime/http_stream` },
        { transport: 'sse', endpoint: `${base}/realtime/sse` },
      ],
      {
        data: { company: this.company },
        emulationEndpoint: `${base}/realtime/emulation`,
        minReconnectDelay: 300,
        maxReconnectDelay: 5_000,
      },
    )
    this.client = client
    client.on('connected', () => this.joined())
    client.on('connecting', () => this.setState(this.wasOnline ? 'offline' : 'connecting'))
    client.on('disconnected', () => this.setState('offline'))
    client.on('publication', (ctx) => this.emit(ctx.data, ctx.channel))
    for (const channel of this.threads.keys()) this.subscribe(channel)
    client.connect()
  }

  close(): void {
    this.closed = true
    this.client?.disconnect()
    this.handlers.clear()
  }

  onEvent(handler: Handler): () => void {
    this.handlers.add(handler)
    return () => this.handlers.delete(handler)
  }

  onState(listener: () => void): () => void {
    this.stateListeners.add(listener)
    return () => this.stateListeners.delete(listener)
  }

  /** onReconnect runs after the line was lost and came back: time to refetch what may have been missed. */
  onReconnect(listener: () => void): () => void {
    this.reconnectListeners.add(listener)
    return () => this.reconnectListeners.delete(listener)
  }

  /** join listens to a channel until the last of its users leaves; the returned function leaves. */
  join(channel: string): () => void {
    const thread = this.threads.get(channel) ?? { users: 0 }
    thread.users++
    this.threads.set(channel, thread)
    if (thread.users === 1) this.subscribe(channel)
    return () => {
      thread.users--
      if (thread.users > 0) return
      this.threads.delete(channel)
      if (thread.subscription) {
        thread.subscription.unsubscribe()
        this.client?.removeSubscription(thread.subscription)
      }
    }
  }

  /** rpc asks over the live line; it fails at once while the line is down. */
  async rpc(method: string, data: unknown): Promise<unknown> {
    if (!this.client || this.state !== 'online') throw new Error('offline')
    const { data: answer } = await this.client.rpc(method, data)
    return answer
  }

  private subscribe(channel: string): void {
    const thread = this.threads.get(channel)
    if (!this.client || !thread || thread.subscription) return
    const subscription = this.client.newSubscription(channel)
    subscription.on('publication', (ctx) => this.emit(ctx.data, channel))
    thread.subscription = subscription
    subscription.subscribe()
  }

  private joined(): void {
    const again = this.wasOnline
    this.wasOnline = true
    this.setState('online')
    if (again) for (const listener of this.reconnectListeners) listener()
  }

  private emit(data: unknown, channel: string): void {
    if (!isRealtimeEvent(data)) return
    for (const handler of this.handlers) handler(data, channel)
  }

  private setState(state: ConnectionState): void {
    if (this.state === state) return
    this.state = state
    for (const listener of this.stateListeners) listener()
  }
}
