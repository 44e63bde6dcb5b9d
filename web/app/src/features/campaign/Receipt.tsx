import { Button } from '@mantine/core'
import type { Campaign } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { hasText } from '@/lib/i18n/texts'
import { openTopUp } from '@/lib/openTopUp'
import { useSession } from '@/lib/session/session'
import { Card, Facts } from '@/ui/Card'
import { TextLink } from '@/ui/links'
import { Note } from '@/ui/Note'
import classes from './campaign.module.css'
import { lostOf, totalsOf } from './model'

type Of = { campaign: Campaign }

/** Why says what a campaign waits for and how to go on. */
export function Why({ campaign: { state, reason } }: Of) {
  const { t } = useTranslation('campaign')
  const { may } = useSession()
  if (!reason || (state !== 'paused' && state !== 'failed')) return null
  const key = `campaign:stopped.${reason}`
  const money = reason === 'insufficient_funds' && may('invoices.create')
  return (
    <Note
      meaning={state === 'failed' ? 'bad' : 'warning'}
      action={
        money && (
          <Button size="xs" onClick={openTopUp}>
            {t('campaign:topUp')}
          </Button>
        )
      }
    >
      {t(hasText(key) ? key : 'campaign:stopped.other', { code: reason })}
    </Note>
  )
}

/** Receipt shows after the end, or when something is in doubt, that every recipient is accounted for. */
export function Receipt({ campaign }: Of) {
  const { t } = useTranslation('campaign')
  const { company } = useSession()
  const locale = useLocale()
  const { sent, delivered, failed, cancelled, inDoubt, waiting } = totalsOf(campaign)
  const ended = campaign.state === 'finished' || campaign.state === 'stopped'
  if (!ended && inDoubt === 0) return null
  const number = (value: number) => value.toLocaleString(locale)
  return (
    <Card title={t('campaign:receipt.title')}>
      <Facts
        facts={[
          { name: t('campaign:receipt.sent'), value: number(sent + delivered) },
          { name: t('campaign:receipt.notSent'), value: number(failed + cancelled) },
          { name: t('campaign:receipt.waiting'), value: number(waiting) },
          {
            name: t('campaign:receipt.inDoubt'),
            value:
              inDoubt > 0 ? (
                <TextLink
                  to="/c/$company/campaigns/messages"
                  params={{ company: company.id }}
                  search={{ campaign: campaign.id, state: 'in_doubt' }}
                >
                  {number(inDoubt)}
                </TextLink>
              ) : (
                '0'
              ),
          },
          { name: t('campaign:receipt.lost'), value: number(lostOf(campaign)) },
        ]}
      />
      {inDoubt > 0 && (
        <p className={classes.soft}>
          {t(campaign.resend ? 'campaign:receipt.resent' : 'campaign:receipt.explain')}
        </p>
      )}
    </Card>
  )
}
