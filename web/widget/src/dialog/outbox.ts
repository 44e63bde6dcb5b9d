import type { Attachment, Message, Page } from '../protocol/wire'

/**
 * What the visitor wrote and the server has not confirmed yet, in the order of writing.
 *
 * The key is made once and kept through every retry and reload: the server stores one message
 * per key, so sending again is always safe and never sending again is the only way to lose one.
 */
export interface Outgoing {
  readonly key: string
  readonly text: string
  readonly attachments: readonly Attachment[]
  readonly page: Page
  /** Milliseconds since 1970 by the visitor's clock; orders the outbox over tabs and reloads. */
  readonly at: number
  /** The last try failed for a passing reason: wait until then, again in milliseconds. */
  readonly retryAt?: number
  readonly tries: number
  /** Why the server or the network did not take it last time. */
  readonly problem?: string
  /** The server will never take it as it is; only the visitor can decide. */
  readonly refused?: boolean
}

export type Outbox = readonly Outgoing[]

const waits: Record<string, number> = { rate_limited: 10_000, unavailable: 3_000, internal: 3_000 }
const longestWait = 60_000

export function put(outbox: Outbox, item: Outgoing): Outbox {
  const rest = outbox.filter((held) => held.key !== item.key)
  return [...rest, item].sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1))
}

export function drop(outbox: Outbox, key: string): Outbox {
  return outbox.some((held) => held.key === key)
    ? outbox.filter((held) => held.key !== key)
    : outbox
}

/** Takes out what the server has stored meanwhile. */
export function settle(outbox: Outbox, stored: readonly Message[]): Outbox {
  if (outbox.length === 0) {
    return outbox
  }
  const keys = new Set(stored.map((message) => message.key))
  const rest = outbox.filter((held) => !keys.has(held.key))
  return rest.length === outbox.length ? outbox : rest
}

/**
 * A try that the server answered with a fault. Passing faults are tried again by themselves: not
 * before the server says so, where it does.
 */
export function fail(item: Outgoing, code: string, now: number, retryAfter = 0): Outgoing {
  const wait = waits[code]
  const tries = item.tries + 1
  if (wait === undefined) {
    const { retryAt: _, ...rest } = item
    return { ...rest, tries, problem: code, refused: true }
  }
  const own = retryAfter || Math.min(wait * tries, longestWait)
  return { ...item, tries, problem: code, retryAt: now + own }
}

/** The visitor asked to try at once. */
export function again(item: Outgoing): Outgoing {
  const { retryAt: _r, problem: _p, refused: _f, ...rest } = item
  return rest
}

/**
 * The item whose turn it is, and how long to wait for it. Later ones never overtake: the server
 * numbers messages as they come, and people read them in that order.
 */
export function turn(outbox: Outbox, now: number): { item: Outgoing; wait: number } | null {
  const item = outbox.find((held) => !held.refused)
  return item ? { item, wait: Math.max(0, (item.retryAt ?? 0) - now) } : null
}
