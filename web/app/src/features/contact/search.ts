import { oneOf, word } from '@/lib/search'

export const channels = ['sms', 'email'] as const
export const reasons = ['unsubscribed', 'blacklisted', 'hard_bounce', 'no_such_number'] as const

/** ListSearch is what the pages of lists keep in the URL. */
export interface ListSearch {
  q?: string
  /** The import that is open: its id, or "new". */
  import?: string
}

export function readListSearch(search: Record<string, unknown>): ListSearch {
  return { q: word(search.q), import: word(search.import) }
}

/** ExclusionSearch is what the page of exclusions keeps in the URL. */
export interface ExclusionSearch {
  q?: string
  channel?: (typeof channels)[number]
  reason?: (typeof reasons)[number]
  open?: 'new'
}

export function readExclusionSearch(search: Record<string, unknown>): ExclusionSearch {
  return {
    q: word(search.q),
    channel: oneOf(search.channel, channels),
    reason: oneOf(search.reason, reasons),
    open: oneOf(search.open, ['new']),
  }
}
