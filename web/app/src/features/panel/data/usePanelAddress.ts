import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useSession } from '@/lib/session/session'
import { type ListFilter, listFilter } from '../model/filters'
import type { PanelSearch } from '../model/search'

const list = '/c/$company/panel'
const thread = '/c/$company/panel/$dialog'

/** What belongs to one dialog and not to the next. */
export const closed = { card: undefined, message: undefined, session: undefined }

/** usePanelAddress is what the address says and the ways to change it; Back undoes each step but not each letter of a search. */
export function usePanelAddress() {
  const { company, user } = useSession()
  const { dialog } = useParams({ strict: false })
  const search: PanelSearch = useSearch({ from: list })
  const navigate = useNavigate()
  const params = { company: company.id }

  const filter: ListFilter = useMemo(
    () => listFilter(search, user.dialog_order, company.time_zone),
    [search, user.dialog_order, company.time_zone],
  )
  const go = (next: PanelSearch, replace = false) =>
    void (dialog
      ? navigate({ to: thread, params: { ...params, dialog }, search: next, replace })
      : navigate({ to: list, params, search: next, replace }))

  return {
    dialog,
    search,
    filter,
    setSearch: (change: PanelSearch, options?: { replace?: boolean }) =>
      go({ ...search, ...change }, options?.replace),
    replaceSearch: (next: PanelSearch) => go(next),
    openDialog: (id: string) =>
      void navigate({
        to: thread,
        params: { ...params, dialog: id },
        search: { ...search, ...closed },
      }),
    closeThread: () =>
      void navigate({
        to: list,
        params,
        search: { ...search, ...closed },
      }),
    setCard: (open: boolean) => go({ ...search, card: open || undefined }, !open),
  }
}
