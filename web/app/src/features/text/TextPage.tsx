import { Button } from '@mantine/core'
import { countryName } from '@parley/shared/countries'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { Text } from '@/lib/api/types'
import { campaignQuery, textQuery, textsOf } from '@/lib/data/texts'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { hasText } from '@/lib/i18n/texts'
import { useSession } from '@/lib/session/session'
import { Card, Facts } from '@/ui/Card'
import { useConfirm } from '@/ui/Confirm'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { RowSkeletons } from '@/ui/Skeletons'
import { SMSCount } from '@/ui/SMSCount'
import { TextState } from '@/ui/TextState'
import { Time } from '@/ui/Time'
import { toastGood, toastProblem } from '@/ui/toast'
import { Money } from './Money'
import { Timeline } from './Timeline'
import classes from './text.module.css'

const route = getRouteApi('/c/$company/campaigns/messages/$text')

/** TextPage is the card of one message: what was written, its way, and what it cost. */
export function TextPage() {
  const { t } = useTranslation('text')
  const { company, text: id } = route.useParams()
  const { data: text, error, refetch } = useQuery(textQuery(company, id))
  return (
    <Page
      title={text ? t('text:one', { to: text.to || t('text:noAddress') }) : t('text:oneWaiting')}
      lead={
        text && (
          <span className={classes.lead}>
            <TextState text={text} />
            <CopyId id={text.id} />
          </span>
        )
      }
      actions={text && <Cancel text={text} />}
      above={
        <TextLink to="/c/$company/campaigns/messages" params={{ company }} size="sm">
          ← {t('text:title')}
        </TextLink>
      }
    >
      {error && !text && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !text && <RowSkeletons />}
      {text && <Content text={text} />}
    </Page>
  )
}

function Content({ text }: { text: Text }) {
  const { t } = useTranslation('text')
  const { may } = useSession()
  return (
    <div className={classes.columns}>
      <div className={classes.column}>
        <Card title={t('text:written')}>
          <Written text={text} />
        </Card>
        {may('prices.view') && <Money text={text} />}
        <OnNetwork text={text} />
      </div>
      <div className={classes.column}>
        <Card title={t('text:way')}>
          <Timeline text={text} />
        </Card>
        <Card title={t('text:facts')}>
          <About text={text} />
        </Card>
      </div>
    </div>
  )
}

function Written({ text }: { text: Text }) {
  const { t } = useTranslation('text')
  if (!text.text && !text.html) return <p className={classes.text}>{t('text:noText')}</p>
  return (
    <>
      {text.subject && <p className={classes.subject}>{text.subject}</p>}
      <p className={classes.text}>{text.text}</p>
      {text.html && (
        // Nothing in a letter may run or load here.
        <iframe
          title={t('text:html')}
          sandbox=""
          srcDoc={`<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">${text.html}`}
          className={classes.letter}
        />
      )}
      {text.channel === 'sms' && (
        <div className={classes.counted}>
          <SMSCount text={text.text} />
        </div>
      )}
    </>
  )
}

function About({ text }: { text: Text }) {
  const { t } = useTranslation('text')
  const locale = useLocale()
  const facts = [
    { name: t('text:column.channel'), value: t(`text:channel.${text.channel}`) },
    { name: t('text:column.from'), value: text.from || '–' },
    text.country && {
      name: t('text:fact.country'),
      value: countryName(text.country, locale) || text.country,
    },
    text.network && { name: t('text:fact.network'), value: text.network },
    text.channel === 'sms' && { name: t('text:column.parts'), value: text.parts },
    { name: t('text:fact.tries'), value: text.tries },
    text.external_id && { name: t('text:fact.externalId'), value: text.external_id },
    { name: t('text:fact.expires'), value: <Time at={text.expires_at} /> },
    text.campaign && { name: t('text:column.campaign'), value: <OfCampaign id={text.campaign} /> },
  ]
  return <Facts facts={facts.filter((fact) => fact !== null && typeof fact === 'object')} />
}

function OfCampaign({ id }: { id: string }) {
  const { company } = useSession()
  const { data } = useQuery(campaignQuery(company.id, id))
  return (
    <TextLink
      to="/c/$company/campaigns/$campaign"
      params={{ company: company.id, campaign: id }}
      size="sm"
    >
      {data?.name ?? '…'}
    </TextLink>
  )
}

/** OnNetwork are the parts by the names that the network gave them, as its support wants to hear them. */
function OnNetwork({ text }: { text: Text }) {
  const { t } = useTranslation('text')
  if (text.on_network.length === 0) return null
  const word = (status: string) => {
    const key = `text:network.${status || 'none'}`
    return hasText(key) ? t(key) : status
  }
  return (
    <Card title={t('text:network.title')} flush>
      <table className={classes.table}>
        <thead>
          <tr>
            <th>{t('text:network.part')}</th>
            <th>{t('text:network.id')}</th>
            <th>{t('text:network.status')}</th>
          </tr>
        </thead>
        <tbody>
          {text.on_network.map((part) => (
            <tr key={part.n}>
              <td className="numbers">{part.n + 1}</td>
              <td>{part.network_id.startsWith('- ') ? '–' : <CopyId id={part.network_id} />}</td>
              <td>{word(part.status)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}

/** Cancel takes back what was not handed to the network yet. */
function Cancel({ text }: { text: Text }) {
  const { t } = useTranslation('text')
  const { company, may } = useSession()
  const client = useQueryClient()
  const confirm = useConfirm()
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/texts/{text}/cancel', {
          params: { path: { company: company.id, text: text.id } },
        }),
      ),
    onSuccess: () => toastGood(t('text:cancel.done')),
    onError: (error) => toastProblem(t, error),
    onSettled: () => client.invalidateQueries({ queryKey: textsOf(company.id) }),
  })
  if (!may('texts.send') || (text.state !== 'scheduled' && text.state !== 'queued')) return null
  const ask = async () => {
    const sure = await confirm({
      title: t('text:cancel.title'),
      text: t('text:cancel.text'),
      action: t('text:cancel.action'),
      keep: t('text:cancel.keep'),
      danger: true,
    })
    if (sure) mutate()
  }
  return (
    <Button variant="default" loading={isPending} onClick={() => void ask()}>
      {t('text:cancel.action')}
    </Button>
  )
}
