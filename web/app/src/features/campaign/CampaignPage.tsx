import { formatDuration } from '@parley/shared/time'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { Campaign } from '@/lib/api/types'
import { campaignQuery, contactListsQuery } from '@/lib/data/texts'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card, Facts } from '@/ui/Card'
import { CopyId } from '@/ui/CopyId'
import { Counter, Counters } from '@/ui/Counter'
import { ErrorState } from '@/ui/ErrorState'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { RowSkeletons } from '@/ui/Skeletons'
import { SMSCount } from '@/ui/SMSCount'
import { Time } from '@/ui/Time'
import { Actions } from './Actions'
import classes from './campaign.module.css'
import { Figures } from './Figures'
import { paceOf, totalsOf, variablesIn } from './model'
import { Bar, State } from './parts'
import { Receipt, Why } from './Receipt'
import { lifetimeText } from './values'

const route = getRouteApi('/c/$company/campaigns/$campaign')

/** CampaignPage follows one campaign while it runs, and tells afterwards what became of everybody. */
export function CampaignPage() {
  const { t } = useTranslation('campaign')
  const { company, campaign: id } = route.useParams()
  const { data: campaign, error, refetch } = useQuery(campaignQuery(company, id))
  return (
    <Page
      title={campaign?.name ?? t('campaign:one')}
      lead={
        campaign && (
          <span className={classes.lead}>
            <State campaign={campaign} />
            {t(`campaign:purpose.${campaign.purpose}`)}
            <CopyId id={campaign.id} label={`№ ${campaign.number}`} />
          </span>
        )
      }
      actions={campaign && <Actions campaign={campaign} />}
      above={
        <TextLink to="/c/$company/campaigns" params={{ company }} size="sm">
          ← {t('campaign:title')}
        </TextLink>
      }
    >
      {error && !campaign && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !campaign && <RowSkeletons />}
      {campaign && <Content campaign={campaign} />}
    </Page>
  )
}

function Content({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign')
  const begun = campaign.state !== 'draft' && campaign.state !== 'scheduled'
  return (
    <>
      <Why campaign={campaign} />
      {begun && <Totals campaign={campaign} />}
      <div className={classes.columns}>
        <div className={classes.column}>
          {begun && campaign.state !== 'finished' && <Progressing campaign={campaign} />}
          {begun && <Receipt campaign={campaign} />}
          {begun && <Figures campaign={campaign} />}
          <Card title={t('campaign:content')}>
            <Written campaign={campaign} />
          </Card>
        </div>
        <Card title={t('campaign:facts')}>
          <About campaign={campaign} />
        </Card>
      </div>
    </>
  )
}

function Totals({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign', 'text')
  const { company } = useSession()
  const locale = useLocale()
  const totals = totalsOf(campaign)
  // Nobody tells what becomes of a letter that a mail server has taken.
  const letters = campaign.steps[0]?.channel === 'email'
  const number = (value: number) => value.toLocaleString(locale)
  const records = (state?: 'delivered' | 'in_doubt') => ({
    to: '/c/$company/campaigns/messages' as const,
    params: { company: company.id },
    search: { campaign: campaign.id, state },
  })
  return (
    <Counters label={t('campaign:totals')}>
      <Counter
        name={t('campaign:total.recipients')}
        value={campaign.recipients === null ? '…' : number(campaign.recipients)}
        link={records()}
      />
      <Counter name={t('campaign:total.waiting')} value={number(totals.waiting)} />
      <Counter
        name={t(letters ? 'text:state.sent' : 'campaign:total.sent')}
        value={number(totals.sent)}
      />
      <Counter
        name={t('campaign:total.delivered')}
        value={letters && totals.delivered === 0 ? '–' : number(totals.delivered)}
        meaning={letters ? undefined : 'good'}
        link={records('delivered')}
      />
      <Counter
        name={t('campaign:total.failed')}
        value={number(totals.failed)}
        meaning={totals.failed > 0 ? 'bad' : undefined}
      />
      <Counter
        name={t('campaign:total.inDoubt')}
        value={number(totals.inDoubt)}
        meaning={totals.inDoubt > 0 ? 'warning' : undefined}
        link={records('in_doubt')}
      />
    </Counters>
  )
}

function Progressing({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign')
  const locale = useLocale()
  const pace = paceOf(campaign, Date.now())
  return (
    <Card title={t('campaign:progress')}>
      <div className={classes.line}>
        <span>
          {t('campaign:accepted', {
            accepted: campaign.accepted.toLocaleString(locale),
            all: campaign.recipients?.toLocaleString(locale) ?? '…',
          })}
        </span>
        {pace && (
          <span>
            {t('campaign:pace', {
              speed: pace.perSecond.toLocaleString(locale, { maximumSignificantDigits: 2 }),
              left: formatDuration(pace.secondsLeft, locale),
            })}
          </span>
        )}
      </div>
      <Bar campaign={campaign} />
    </Card>
  )
}

function Written({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign')
  const [step] = campaign.steps
  if (!step) return null
  return (
    <>
      {step.channel === 'email' && <p className={classes.subject}>{step.subject}</p>}
      <p className={classes.text}>{step.text || t('campaign:htmlOnly')}</p>
      {step.channel === 'sms' && (
        <SMSCount text={step.text} varies={variablesIn(step.text).length > 0} />
      )}
    </>
  )
}

function About({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign', 'text')
  const { company } = useSession()
  const locale = useLocale()
  const { data: lists } = useQuery(contactListsQuery(company.id))
  const list = lists?.find((one) => one.id === campaign.list)
  const [step] = campaign.steps
  const facts = [
    {
      name: t('campaign:form.list'),
      value: list ? (
        <TextLink
          to="/c/$company/contact-lists/$list"
          params={{ company: company.id, list: list.id }}
          size="sm"
        >
          {list.name}
        </TextLink>
      ) : (
        '–'
      ),
    },
    campaign.recipients === null &&
      list && { name: t('campaign:contactsNow'), value: list.contacts.toLocaleString(locale) },
    { name: t('text:column.channel'), value: t(`text:channel.${step?.channel ?? 'sms'}`) },
    { name: t('text:column.from'), value: step?.sender || t('text:send.usual') },
    {
      name: t('campaign:form.speed'),
      value: campaign.speed
        ? t('campaign:perSecond', { speed: campaign.speed.toLocaleString(locale) })
        : t('campaign:fast'),
    },
    { name: t('campaign:form.lifetime'), value: lifetimeText(campaign.lifetime_s, locale) },
    {
      name: t('campaign:inDoubtThen'),
      value: t(campaign.resend ? 'campaign:again' : 'campaign:once'),
    },
    campaign.starts_at && {
      name: t('campaign:form.startsAt'),
      value: <Time at={campaign.starts_at} />,
    },
    campaign.started_at && {
      name: t('campaign:column.started'),
      value: <Time at={campaign.started_at} seconds />,
    },
    campaign.finished_at && {
      name: t('campaign:finished'),
      value: <Time at={campaign.finished_at} seconds />,
    },
  ]
  return (
    <Facts
      facts={facts.filter(
        (fact) => fact !== false && fact !== null && fact !== '' && fact !== undefined,
      )}
    />
  )
}
