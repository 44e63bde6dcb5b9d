import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Contact, Dialog } from '@/lib/api/types'
import { panelKeys } from '../data/api'
import { usePanel } from '../data/PanelContext'
import { applyHead } from '../data/useDialogs'

export type ContactChange = Partial<Pick<Contact, 'name' | 'phone' | 'email' | 'tags' | 'note'>>

/** useSaveContact stores one change and brings it to the card, the thread's head and the list. */
export function useSaveContact(dialog: string, contact: string) {
  const { company, me } = usePanel()
  const client = useQueryClient()
  return async (change: ContactChange): Promise<void> => {
    const saved = await ok(
      api.PATCH('/api/v1/companies/{company}/contacts/{contact}', {
        params: { path: { company, contact } },
        body: change,
      }),
    )
    const key = panelKeys.dialog(company, dialog)
    const known = client.getQueryData<Dialog>(key)
    if (!known) return
    const head = {
      ...known.head,
      contact: { ...known.head.contact, name: saved?.name ?? change.name ?? known.contact.name },
      tags: saved?.tags ?? change.tags ?? known.head.tags,
    }
    client.setQueryData<Dialog>(key, {
      ...known,
      // Where the visitor is belongs to the dialog: the answer about a contact does not know it.
      contact: { ...known.contact, ...change, ...saved, page: known.contact.page },
      head,
    })
    applyHead(client, company, me, head)
  }
}
