import { formatMoney } from '@parley/shared/money'
import { formatDateTime } from '@parley/shared/time'
import { useQuery } from '@tanstack/react-query'
import { problemText } from '@/lib/api/problemText'
import type { PartMoney, Text } from '@/lib/api/types'
import { textMoneyQuery } from '@/lib/data/texts'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { useSession, useZone } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { TextLink } from '@/ui/links'
import { MoneyText } from '@/ui/MoneyText'
import { StateBadge } from '@/ui/StateBadge'
import classes from './text.module.css'
import { totalOf } from './total'

const meanings = {
  held: 'info',
  captured: 'good',
  released: 'neutral',
  refunded: 'warning',
} as const

/** Money shows what each part cost, why, and the entry of the account that it is in. */
export function Money({ text }: { text: Text }) {
  const { t } = useTranslation('text')
  const { company } = useSession()
  const { data: parts, error } = useQuery(textMoneyQuery(company.id, text.id))
  const levels = parts?.[0]?.levels ?? []
  const [first] = levels
  return (
    <Card
      title={t('text:money.title')}
      text={parts && parts.length > 0 && itemName(t, parts[0]?.item ?? '')}
      actions={
        first && (
          <strong>
            <MoneyText amount={totalOf(parts ?? [])} currency={first.currency} />
          </strong>
        )
      }
      flush
    >
      {error && !parts ? (
        <p className={classes.none}>{problemText(t, error)}</p>
      ) : parts?.length === 0 ? (
        <p className={classes.none}>{t('text:money.none')}</p>
      ) : (
        <Parts parts={parts ?? []} />
      )}
      {parts?.[0] && <Why part={parts[0]} />}
    </Card>
  )
}

function Parts({ parts }: { parts: PartMoney[] }) {
  const { t } = useTranslation('text')
  const levels = parts[0]?.levels ?? []
  return (
    <table className={classes.table}>
      <thead>
        <tr>
          <th>{t('text:money.part')}</th>
          <th>{t('text:money.state')}</th>
          {levels.map(({ level }) => (
            <th key={level} data-align="end">
              {t(levels.length === 1 ? 'text:money.price' : `text:money.level.${level}`)}
            </th>
          ))}
          <th data-align="end">{t('text:money.entry')}</th>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.n}>
            <td className="numbers">{part.n + 1}</td>
            <td>
              <StateBadge meaning={meanings[part.phase]}>
                {t(`text:money.phase.${part.phase}`)}
              </StateBadge>
            </td>
            {part.levels.map(({ level, amount, currency }) => (
              <td key={level} data-align="end">
                <MoneyText amount={amount} currency={currency} />
              </td>
            ))}
            <td data-align="end">
              <Entry part={part} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Entry({ part }: { part: PartMoney }) {
  const { t } = useTranslation('text')
  const { company, may } = useSession()
  if (!part.entry) return part.phase === 'captured' ? t('text:money.posting') : '–'
  const number = `№ ${part.entry.number}`
  if (!may('charges.view')) return number
  return (
    <TextLink
      to="/c/$company/account/$entry"
      params={{ company: company.id, entry: part.entry.id }}
      size="sm"
    >
      {number}
    </TextLink>
  )
}

/** Why names the price list and the row of it that made the price. */
function Why({ part }: { part: PartMoney }) {
  const { t } = useTranslation('text')
  const locale = useLocale()
  const zone = useZone()
  const [level] = part.levels
  if (!level?.price_list) return null
  const price = formatMoney({ amount: level.unit_price, currency: level.currency }, locale)
  return (
    <p className={classes.why}>
      {t(part.units === 'parts' ? 'text:money.why' : 'text:money.letterWhy', {
        price,
        list: level.price_list,
        version: level.price_version,
        since: level.valid_from && formatDateTime(level.valid_from, locale, zone),
      })}{' '}
      {t(part.item.includes('delivered') ? 'text:money.whenDelivered' : 'text:money.whenSent')}
    </p>
  )
}
