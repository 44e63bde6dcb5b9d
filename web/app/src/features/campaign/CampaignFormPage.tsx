import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { campaignQuery, contactListsQuery } from '@/lib/data/texts'
import { useTranslation } from '@/lib/i18n/i18n'
import { ErrorState } from '@/ui/ErrorState'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { CampaignForm } from './CampaignForm'

const newRoute = getRouteApi('/c/$company/campaigns/new')
const editRoute = getRouteApi('/c/$company/campaigns/$campaign/edit')

/** NewCampaignPage prepares a campaign, from nothing or after another one. */
export function NewCampaignPage() {
  const { company } = newRoute.useParams()
  const { copy, list } = newRoute.useSearch()
  return <Prepare key={copy} company={company} from={copy} list={list} />
}

/** EditCampaignPage changes a campaign that was not started yet. */
export function EditCampaignPage() {
  const { company, campaign } = editRoute.useParams()
  return <Prepare company={company} from={campaign} changing />
}

interface Props {
  company: number
  /** The campaign to change, or to begin with. */
  from: string | undefined
  list?: string
  changing?: boolean
}

function Prepare({ company, from, list, changing = false }: Props) {
  const { t } = useTranslation('campaign')
  const lists = useQuery(contactListsQuery(company))
  const campaign = useQuery({
    ...campaignQuery(company, from ?? ''),
    enabled: from !== undefined,
    refetchInterval: false,
  })
  const error = lists.error ?? campaign.error
  const ready = lists.data && (from === undefined || campaign.data)
  return (
    <Page
      width="form"
      title={t(changing ? 'campaign:editing' : 'campaign:new')}
      lead={!changing && t('campaign:newText')}
      above={
        <TextLink to="/c/$company/campaigns" params={{ company }} size="sm">
          ← {t('campaign:title')}
        </TextLink>
      }
    >
      {ready ? (
        <CampaignForm
          // Somebody else's version replaces what is typed only when it is asked for.
          key={from}
          lists={lists.data}
          campaign={campaign.data}
          list={list}
          changing={changing}
        />
      ) : error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void lists.refetch()
            if (from) void campaign.refetch()
          }}
        />
      ) : (
        <FormSkeleton fields={6} />
      )}
    </Page>
  )
}
