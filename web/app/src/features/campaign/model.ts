import type { Campaign, CampaignCount, TextState } from '@/lib/api/types'

/** Totals are the messages of a campaign by what people want to know of them. */
export interface Totals {
  waiting: number
  /** Handed to the network, and not heard of yet. */
  sent: number
  delivered: number
  failed: number
  cancelled: number
  inDoubt: number
  all: number
}

const groups: Record<TextState, keyof Omit<Totals, 'all'>> = {
  scheduled: 'waiting',
  queued: 'waiting',
  sending: 'waiting',
  sent: 'sent',
  delivered: 'delivered',
  read: 'delivered',
  clicked: 'delivered',
  undelivered: 'failed',
  expired: 'failed',
  rejected: 'failed',
  cancelled: 'cancelled',
  in_doubt: 'inDoubt',
}

type Counted = Pick<Campaign, 'counts'>

export function totalsOf({ counts }: Counted): Totals {
  const totals = { waiting: 0, sent: 0, delivered: 0, failed: 0, cancelled: 0, inDoubt: 0, all: 0 }
  for (const { state, messages } of counts) {
    totals[groups[state as TextState]] += messages
    totals.all += messages
  }
  return totals
}

/** doneOf is the part of the recipients, 0 to 1, for whom all that a campaign does is done. */
export function doneOf(campaign: Counted & Pick<Campaign, 'recipients' | 'state'>): number {
  const { recipients, state } = campaign
  if (recipients === 0) return state === 'finished' ? 1 : 0
  if (recipients === null) return 0
  const { all, waiting } = totalsOf(campaign)
  return Math.min(1, Math.max(0, all - waiting) / recipients)
}

/** lostOf is how many recipients were taken up and have no message; it is never more than none. */
export function lostOf(campaign: Counted & Pick<Campaign, 'accepted'>): number {
  return Math.max(0, campaign.accepted - totalsOf(campaign).all)
}

/** rowsOf are the counts with anything in them, the most first. */
export function rowsOf({ counts }: Counted): CampaignCount[] {
  return counts.filter(({ messages }) => messages > 0).sort((a, b) => b.messages - a.messages)
}

/** paceOf tells how fast a running campaign goes, and how long the rest takes at this pace. */
export function paceOf(
  campaign: Counted & Pick<Campaign, 'recipients' | 'state' | 'started_at'>,
  now: number,
): { perSecond: number; secondsLeft: number } | undefined {
  const { recipients, state, started_at } = campaign
  if (state !== 'running' || recipients === null || !started_at) return undefined
  const { all, waiting } = totalsOf(campaign)
  const seconds = (now - Date.parse(started_at)) / 1000
  const done = all - waiting
  if (done <= 0 || seconds < 1) return undefined
  const perSecond = done / seconds
  return { perSecond, secondsLeft: Math.ceil((recipients - done) / perSecond) }
}

/** variablesIn names the variables of a text, {{ and }} being braces. */
export function variablesIn(text: string): string[] {
  return [...new Set(writtenIn(text).map(({ name }) => name))]
}

/** unsureIn names the variables that stand somewhere without a word for those who have none. */
export function unsureIn(text: string): string[] {
  const bare = writtenIn(text).filter(({ sure }) => !sure)
  return [...new Set(bare.map(({ name }) => name))]
}

function writtenIn(text: string): { name: string; sure: boolean }[] {
  const found = text.replaceAll(/\{\{|\}\}/g, '').matchAll(/\{\s*([^{}|\n]+?)\s*(\|[^{}]*)?\}/g)
  return [...found].map(([, name, word]) => ({ name: name ?? '', sure: word !== undefined }))
}
