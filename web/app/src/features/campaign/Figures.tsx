import type { Campaign, TextState as State } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { TextLink } from '@/ui/links'
import { StateBadge } from '@/ui/StateBadge'
import { reasonText, textMeanings } from '@/ui/TextState'
import classes from './campaign.module.css'
import { rowsOf } from './model'

/** Figures are all messages by state and reason; each number opens its messages. */
export function Figures({ campaign }: { campaign: Campaign }) {
  const { t } = useTranslation('campaign', 'text')
  const { company } = useSession()
  const locale = useLocale()
  const rows = rowsOf(campaign)
  return (
    <Card
      title={t('campaign:figures')}
      actions={
        <TextLink
          to="/c/$company/campaigns/messages"
          params={{ company: company.id }}
          search={{ campaign: campaign.id }}
          size="sm"
        >
          {t('campaign:allMessages')}
        </TextLink>
      }
      flush
    >
      {rows.length === 0 ? (
        <p className={classes.none}>{t('campaign:noMessages')}</p>
      ) : (
        <table className={classes.table}>
          <thead>
            <tr>
              <th>{t('text:column.state')}</th>
              <th>{t('campaign:why')}</th>
              <th>{t('campaign:messages')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ state, reason, messages }) => (
              <tr key={`${state} ${reason}`}>
                <td>
                  <StateBadge meaning={textMeanings[state as State]}>
                    {t(`text:state.${state}`)}
                  </StateBadge>
                </td>
                <td>{reason ? reasonText(t, reason) : '–'}</td>
                <td>
                  <TextLink
                    to="/c/$company/campaigns/messages"
                    params={{ company: company.id }}
                    search={{
                      campaign: campaign.id,
                      state: state as State,
                      reason: reason || undefined,
                    }}
                  >
                    {messages.toLocaleString(locale)}
                  </TextLink>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Card>
  )
}
