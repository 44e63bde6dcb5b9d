import { queryOptions } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Campaign, ContactList, ListedText, PartMoney, Text, TextState } from '@/lib/api/types'
import { everyPage } from './everyPage'

/** isMoving says that something is expected of a message soon. Nobody tells what becomes of a letter that was sent. */
export function isMoving({ state, channel }: Pick<ListedText, 'state' | 'channel'>): boolean {
  return state === 'queued' || state === 'sending' || (state === 'sent' && channel !== 'email')
}

/** textsOf is the key of all that is known of a company's messages. */
export const textsOf = (company: number) => ['texts', company] as const

/** textQuery is one message; while something is expected of it, it is read again. */
export const textQuery = (company: number, text: string) =>
  queryOptions({
    queryKey: [...textsOf(company), 'one', text],
    queryFn: async () =>
      (await ok(
        api.GET('/api/v1/companies/{company}/texts/{text}', {
          params: { path: { company, text } },
        }),
      )) as Text,
    refetchInterval: ({ state: { data } }) => (data && isMoving(data) ? 2_000 : false),
  })

/** textMoneyQuery is what the parts of a message cost. */
export const textMoneyQuery = (company: number, text: string) =>
  queryOptions({
    queryKey: [...textsOf(company), 'one', text, 'money'],
    queryFn: async () => {
      const { items } = await ok(
        api.GET('/api/v1/companies/{company}/texts/{text}/money', {
          params: { path: { company, text } },
        }),
      )
      return items as PartMoney[]
    },
    // Usage is posted to the ledger within a second of the charge.
    refetchInterval: ({ state: { data } }) =>
      data?.some((part) => part.phase === 'held' || (part.phase === 'captured' && !part.entry))
        ? 2_000
        : false,
  })

export const campaignsOf = (company: number) => ['campaigns', company] as const

/** campaignQuery is one campaign; while it moves, it is read again every two seconds. */
export const campaignQuery = (company: number, campaign: string) =>
  queryOptions({
    queryKey: [...campaignsOf(company), 'one', campaign],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/campaigns/{campaign}', {
          params: { path: { company, campaign } },
        }),
      ),
    refetchInterval: ({ state: { data } }) => (data && isBusy(data) ? 2_000 : false),
  })

/** isBusy says that the figures of a campaign are still changing by themselves. */
export function isBusy({
  state,
  counts,
  steps,
}: Pick<Campaign, 'state' | 'counts' | 'steps'>): boolean {
  if (state === 'running' || state === 'scheduled') return true
  return counts.some(
    (count) =>
      count.messages > 0 &&
      isMoving({
        state: count.state as TextState,
        channel: steps[count.step]?.channel ?? 'sms',
      }),
  )
}

/** contactListsQuery are all lists that a campaign may go to. */
export const contactListsQuery = (company: number) =>
  queryOptions({
    queryKey: ['contact-lists', company, 'all'],
    queryFn: () =>
      everyPage<ContactList>((cursor) =>
        ok(
          api.GET('/api/v1/companies/{company}/contact-lists', {
            params: { path: { company }, query: { cursor, limit: 100 } },
          }),
        ),
      ),
  })
