import type { TextChannel, TextState } from '@/lib/api/types'
import type { Period } from '@/lib/period'
import { moment, oneOf, word } from '@/lib/search'

export const textChannels: TextChannel[] = ['sms', 'email']

/** textStates are in the order in which a message comes by them. */
export const textStates: TextState[] = [
  'scheduled',
  'queued',
  'sending',
  'sent',
  'delivered',
  'read',
  'clicked',
  'undelivered',
  'expired',
  'rejected',
  'cancelled',
  'in_doubt',
]

/** TextSearch is what the log of messages keeps in the URL. */
export interface TextSearch extends Period {
  q?: string
  channel?: TextChannel
  state?: TextState
  reason?: string
  campaign?: string
  /** A message is being written. */
  open?: 'new'
}

export function readTextSearch(search: Record<string, unknown>): TextSearch {
  return {
    q: word(search.q),
    channel: oneOf(search.channel, textChannels),
    state: oneOf(search.state, textStates),
    reason: word(search.reason),
    campaign: word(search.campaign),
    from: moment(search.from),
    to: moment(search.to),
    open: oneOf(search.open, ['new']),
  }
}
