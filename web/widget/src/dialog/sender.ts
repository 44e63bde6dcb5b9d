import { CallError } from '../protocol/socket'
import type { Message } from '../protocol/wire'
import type { Outbox, Outgoing } from './outbox'
import { fail, turn } from './outbox'

export interface SenderPorts {
  outbox: () => Outbox
  isOpen: () => boolean
  send: (item: Outgoing) => Promise<Message>
  /** Runs one at a time over all tabs of this browser. */
  alone: (name: string, work: () => Promise<void>) => Promise<void>
  accepted: (key: string, message: Message) => void
  failed: (item: Outgoing) => void
}

/** Empties the outbox: one message at a time, in order, for as long as the connection stands. */
export class Sender {
  #busy = false
  #timer: ReturnType<typeof setTimeout> | undefined

  readonly #ports: SenderPorts

  constructor(ports: SenderPorts) {
    this.#ports = ports
  }

  async flush(): Promise<void> {
    if (this.#busy) {
      return
    }
    this.#busy = true
    clearTimeout(this.#timer)
    try {
      await this.#ports.alone('outbox', () => this.#sendInTurn())
    } finally {
      this.#busy = false
    }
    const next = turn(this.#ports.outbox(), Date.now())
    if (next && this.#ports.isOpen()) {
      this.flushAfter(next.wait)
    }
  }

  flushAfter(wait: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.flush(), wait)
  }

  async #sendInTurn(): Promise<void> {
    while (this.#ports.isOpen()) {
      const next = turn(this.#ports.outbox(), Date.now())
      if (!next || next.wait > 0) {
        return
      }
      try {
        const message = await this.#ports.send(next.item)
        this.#ports.accepted(next.item.key, message)
      } catch (error) {
        const { code, retryAfter } =
          error instanceof CallError ? error : { code: 'internal', retryAfter: undefined }
        if (code === 'link') {
          return
        }
        this.#ports.failed(fail(next.item, code, Date.now(), retryAfter))
      }
    }
  }
}
