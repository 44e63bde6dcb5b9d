import { fromLocal } from '@parley/shared/time'
import { type Order, type PanelSearch, parseSearch, type View } from './search'

/** ListFilter is what the list asks the server for; its period is in moments, not in a zone's wall clock. */
export interface ListFilter
  extends Omit<PanelSearch, 'view' | 'order' | 'card' | 'message' | 'session'> {
  view: View
  order: Order
}

/** listFilter completes an address with the person's own order and reads its period in the company's zone. */
export function listFilter(search: PanelSearch, ownOrder: Order, zone?: string): ListFilter {
  const { card: _, message: __, session: ___, ...rest } = search
  const filter: ListFilter = {
    ...rest,
    view: search.view ?? 'mine',
    order: search.order ?? ownOrder,
  }
  if (search.from) filter.from = fromLocal(search.from, zone).toISOString()
  if (search.to) filter.to = fromLocal(search.to, zone).toISOString()
  return filter
}

const narrowing = [
  'chat',
  'channel',
  'operator',
  'group',
  'tag',
  'unanswered',
  'from',
  'to',
] as const

/** narrowedBy counts the filters that hide something, a period being one. */
export function narrowedBy(search: PanelSearch): number {
  const set = narrowing.filter((name) => search[name] !== undefined)
  return set.length - (search.from !== undefined && search.to !== undefined ? 1 : 0)
}

/** withoutFilters is the Clear button: the view and the open card stay. */
export function withoutFilters(search: PanelSearch): PanelSearch {
  const { view, order, card } = search
  return parseSearch({ view, order, card })
}
