import { Progress } from '@mantine/core'
import type { Campaign } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { type Meaning, StateBadge } from '@/ui/StateBadge'
import classes from './campaign.module.css'
import { doneOf, totalsOf } from './model'

type Of = { campaign: Campaign }

const meanings: Record<Campaign['state'], Meaning> = {
  draft: 'neutral',
  scheduled: 'info',
  running: 'info',
  paused: 'warning',
  stopped: 'neutral',
  finished: 'good',
  failed: 'bad',
}

export function State({ campaign }: Of) {
  const { t } = useTranslation('campaign')
  return (
    <StateBadge meaning={meanings[campaign.state]}>
      {t(`campaign:state.${campaign.state}`)}
    </StateBadge>
  )
}

/** Bar shows how many recipients are done with, of all there are. */
export function Bar({ campaign }: Of) {
  const { t } = useTranslation('campaign')
  const locale = useLocale()
  if (campaign.recipients === null) return <span className={classes.soft}>–</span>
  const { all, waiting } = totalsOf(campaign)
  const part = doneOf(campaign)
  return (
    <span className={classes.bar}>
      <Progress
        value={part * 100}
        aria-label={t('campaign:progress')}
        color={campaign.state === 'finished' ? 'green' : undefined}
      />
      <span className={classes.soft}>
        {t('campaign:doneOf', {
          done: (all - waiting).toLocaleString(locale),
          all: campaign.recipients.toLocaleString(locale),
        })}
      </span>
    </span>
  )
}
