import type { Campaign } from '@/lib/api/types'
import { oneOf, word } from '@/lib/search'

export const campaignStates: Campaign['state'][] = [
  'draft',
  'scheduled',
  'running',
  'paused',
  'stopped',
  'finished',
  'failed',
]

/** CampaignSearch is what the list of campaigns keeps in the URL. */
export interface CampaignSearch {
  q?: string
  state?: Campaign['state']
}

export function readCampaignSearch(search: Record<string, unknown>): CampaignSearch {
  return { q: word(search.q), state: oneOf(search.state, campaignStates) }
}

/** NewCampaignSearch says what a new campaign begins with. */
export interface NewCampaignSearch {
  /** The campaign to copy. */
  copy?: string
  /** The contact list to write to. */
  list?: string
}

export function readNewCampaignSearch(search: Record<string, unknown>): NewCampaignSearch {
  return { copy: word(search.copy), list: word(search.list) }
}
