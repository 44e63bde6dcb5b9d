export const views = ['mine', 'queue', 'all', 'closed'] as const
export type View = (typeof views)[number]

export const orders = ['newest', 'unanswered_oldest', 'waiting_longest'] as const
export type Order = (typeof orders)[number]

/** PanelSearch is the panel's part of the address: what is filtered and whether the card is open. */
export interface PanelSearch {
  view?: View
  order?: Order
  q?: string
  chat?: string
  channel?: string
  operator?: number
  group?: string
  tag?: string
  unanswered?: true
  from?: string
  to?: string
  card?: true
  /** A message to show, when the address comes from the line of an account. */
  message?: string
  /** An earlier session to show. */
  session?: string
}

function oneOf<T extends string>(all: readonly T[], value: unknown): T | undefined {
  return all.find((known) => known === value)
}

function text(value: unknown, most = 200): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  return String(value).trim().slice(0, most) || undefined
}

function wallClock(value: unknown): string | undefined {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value)) return undefined
  return Number.isNaN(Date.parse(`${value}Z`)) ? undefined : value
}

/** parseSearch reads an address that may come from anywhere; what makes no sense falls away. */
export function parseSearch(raw: Record<string, unknown>): PanelSearch {
  const operator = Number(raw.operator)
  const search: PanelSearch = {
    view: oneOf(views, raw.view),
    order: oneOf(orders, raw.order),
    q: text(raw.q),
    chat: text(raw.chat),
    channel: text(raw.channel),
    operator: Number.isSafeInteger(operator) && operator > 0 ? operator : undefined,
    group: text(raw.group),
    tag: text(raw.tag),
    unanswered: raw.unanswered === true || raw.unanswered === 'true' ? true : undefined,
    from: wallClock(raw.from),
    to: wallClock(raw.to),
    card: raw.card === true || raw.card === 'true' ? true : undefined,
    message: text(raw.message),
    session: text(raw.session),
  }
  return Object.fromEntries(Object.entries(search).filter(([, v]) => v !== undefined))
}
