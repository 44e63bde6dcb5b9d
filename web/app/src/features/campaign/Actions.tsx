import { Button } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Campaign } from '@/lib/api/types'
import { campaignQuery, campaignsOf, contactListsQuery } from '@/lib/data/texts'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { useConfirm } from '@/ui/Confirm'
import { ButtonLink } from '@/ui/links'
import { toastProblem } from '@/ui/toast'

type Order = 'start' | 'pause' | 'resume' | 'stop'

/** orders are what a campaign can be told in each state, the likeliest last. */
const orders: Record<Campaign['state'], Order[]> = {
  draft: ['start'],
  scheduled: ['stop', 'pause'],
  running: ['stop', 'pause'],
  paused: ['stop', 'resume'],
  stopped: [],
  finished: [],
  failed: [],
}

/** Actions tell a campaign what to do; what sends or ends it asks first. */
export function Actions({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign')
  const { company, may } = useSession()
  const { mutate, isPending, variables } = useOrder(campaign)
  const question = useQuestion(campaign)
  const confirm = useConfirm()
  if (!may('campaigns.manage')) return null
  const params = { company: company.id, campaign: campaign.id }
  const give = async (order: Order) => {
    const ask = question(order)
    if (!ask || (await confirm(ask))) mutate(order)
  }
  return (
    <>
      <ButtonLink
        to="/c/$company/campaigns/new"
        params={{ company: company.id }}
        search={{ copy: campaign.id }}
        variant="default"
      >
        {t('campaign:copy')}
      </ButtonLink>
      {campaign.state === 'draft' && (
        <ButtonLink to="/c/$company/campaigns/$campaign/edit" params={params} variant="default">
          {t('campaign:edit')}
        </ButtonLink>
      )}
      {orders[campaign.state].map((order) => (
        <Button
          key={order}
          variant={order === 'stop' ? 'default' : 'filled'}
          loading={isPending && variables === order}
          onClick={() => void give(order)}
        >
          {t(`campaign:order.${order}`)}
        </Button>
      ))}
    </>
  )
}

function useOrder(campaign: Campaign) {
  const { t } = useTranslation('campaign')
  const { company } = useSession()
  const client = useQueryClient()
  return useMutation({
    mutationFn: (order: Order) =>
      ok(
        api.POST('/api/v1/companies/{company}/campaigns/{campaign}/orders', {
          params: { path: { company: company.id, campaign: campaign.id } },
          body: { order },
        }),
      ),
    onSuccess: ({ state, reason, version }) => {
      // The answer to an order carries no counts.
      client.setQueryData(campaignQuery(company.id, campaign.id).queryKey, (old) =>
        old ? { ...old, state, reason, version } : old,
      )
    },
    onError: (error) => toastProblem(t, error),
    onSettled: () => client.invalidateQueries({ queryKey: campaignsOf(company.id) }),
  })
}

/** useQuestion says what to ask before an order, if anything. */
function useQuestion(campaign: Campaign) {
  const { t } = useTranslation('campaign', 'text')
  const { company } = useSession()
  const locale = useLocale()
  const { data: lists } = useQuery(contactListsQuery(company.id))
  const list = lists?.find((one) => one.id === campaign.list)
  return (order: Order) => {
    if (order === 'start') {
      const later = campaign.starts_at && Date.parse(campaign.starts_at) > Date.now()
      return {
        title: t('campaign:start.title', { name: campaign.name }),
        text: t('campaign:start.text', {
          list: list?.name ?? '…',
          contacts: t('campaign:contacts', {
            count: list?.contacts ?? 0,
            shown: (list?.contacts ?? 0).toLocaleString(locale),
          }),
          channel: t(`text:channel.${campaign.steps[0]?.channel ?? 'sms'}`),
        }),
        action: t(later ? 'campaign:start.later' : 'campaign:order.start'),
      }
    }
    return (
      order === 'stop' && {
        title: t('campaign:stop.title', { name: campaign.name }),
        text: t('campaign:stop.text'),
        action: t('campaign:order.stop'),
        keep: t('campaign:stop.keep'),
        danger: true,
      }
    )
  }
}
