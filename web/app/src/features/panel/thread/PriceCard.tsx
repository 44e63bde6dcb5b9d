import { Skeleton, Stack } from '@mantine/core'
import { countryName } from '@parley/shared/countries'
import { formatMoney, isZero } from '@parley/shared/money'
import { formatDateTime } from '@parley/shared/time'
import { useQuery } from '@tanstack/react-query'
import { asApiError } from '@/lib/api/error'
import { problemText } from '@/lib/api/problemText'
import type { MessageMoney } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { useSession, useZone } from '@/lib/session/session'
import { TextLink } from '@/ui/links'
import { type Meaning, StateBadge } from '@/ui/StateBadge'
import { Time } from '@/ui/Time'
import { moneyQuery } from '../data/money'
import { usePanel } from '../data/PanelContext'
import { levelsOf } from '../model/price'
import classes from './Explain.module.css'

const meanings: Record<MessageMoney['phase'], Meaning> = {
  held: 'info',
  captured: 'good',
  released: 'neutral',
  refunded: 'warning',
}

/** PriceCard is a message's way through the accounts: item, price and its version, state, ledger entry. */
export function PriceCard({ message }: { message: string }) {
  const { t } = useTranslation('panel')
  const { company } = usePanel()
  const query = useQuery({
    ...moneyQuery(company, message),
    // Usage is posted to the ledger within a second of the message.
    refetchInterval: (q) => (q.state.data && !q.state.data.entry ? 1_500 : false),
  })
  if (query.error && !query.data) {
    const free = asApiError(query.error).code === 'not_found'
    return (
      <p className={classes.text}>{free ? t('panel:price.free') : problemText(t, query.error)}</p>
    )
  }
  if (!query.data) {
    return (
      <Stack gap={10} role="status" aria-label={t('ui:loading')}>
        <Skeleton height={18} width="40%" />
        <Skeleton height={12} />
        <Skeleton height={12} />
        <Skeleton height={12} width="80%" />
      </Stack>
    )
  }
  return <Facts money={query.data} />
}

function Facts({ money }: { money: MessageMoney }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const levels = levelsOf(money)
  const [first] = levels
  return (
    <>
      <div className={classes.amount}>
        <span>{first ? formatMoney(first, locale) : t('panel:price.word')}</span>
        <StateBadge meaning={meanings[money.phase] ?? 'neutral'}>
          {t(`panel:price.phase.${money.phase}`)}
        </StateBadge>
      </div>
      <dl className={classes.facts}>
        <Fact name={t('panel:price.item')}>{itemName(t, money.item)}</Fact>
        <Fact name={t('panel:price.units')}>
          {t('panel:price.quantity', { count: money.quantity })}
        </Fact>
        <Fact name={t('panel:price.charged')}>
          <Time at={money.charged_at} seconds />
        </Fact>
        <Entry money={money} />
        <Welcome money={money} />
      </dl>
      {levels.map((level) => (
        <LevelFacts
          key={level.level}
          level={level}
          count={money.quantity}
          alone={levels.length === 1}
        />
      ))}
    </>
  )
}

function LevelFacts({
  level,
  count,
  alone,
}: {
  level: MessageMoney['levels'][number]
  count: number
  alone: boolean
}) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const zone = useZone()
  const unit = formatMoney({ amount: level.unit_price, currency: level.currency }, locale)
  const amount = formatMoney(level, locale)
  const since = level.valid_from && formatDateTime(level.valid_from, locale, zone)
  return (
    <section className={classes.level}>
      <h4 className={classes.levelName}>{t(`panel:price.level.${level.level}`)}</h4>
      <dl className={classes.facts}>
        <Fact name={t('panel:price.unitPrice')}>{unit}</Fact>
        {!alone && <Fact name={t('panel:price.amount')}>{amount}</Fact>}
        {level.price_version && (
          <Fact name={t('panel:price.version')}>
            {[level.own ? t('panel:price.own') : level.price_list, level.price_version]
              .filter(Boolean)
              .join(', ')}
          </Fact>
        )}
        {level.row && <RowFacts level={level} row={level.row} />}
        {level.seller && <Fact name={t('panel:price.seller')}>{level.seller}</Fact>}
      </dl>
      <p className={classes.reason}>
        {!level.price_version
          ? t('panel:price.noPrice')
          : since
            ? t('panel:price.whySince', {
                version: level.price_version,
                since,
                count,
                unit,
                amount,
              })
            : t('panel:price.why', { version: level.price_version, count, unit, amount })}
      </p>
    </section>
  )
}

/** RowFacts say which row of the price list counted and why: destination, step, free units. */
function RowFacts({
  level,
  row,
}: {
  level: MessageMoney['levels'][number]
  row: NonNullable<MessageMoney['levels'][number]['row']>
}) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const where = [
    row.country && countryName(row.country, locale),
    row.network,
    row.category && t('panel:price.category', { category: row.category }),
  ].filter(Boolean)
  return (
    <>
      <Fact name={t('panel:price.row')}>
        {where.length > 0 ? where.join(', ') : t('panel:price.everywhere')}
      </Fact>
      {level.position !== null && (
        <>
          <Fact name={t('panel:price.tier')}>
            {row.from_quantity > 0
              ? t('panel:price.tierFrom', { count: row.from_quantity })
              : t('panel:price.tierFirst')}
          </Fact>
          <Fact name={t('panel:price.position')}>{level.position.toLocaleString(locale)}</Fact>
        </>
      )}
      {row.free_quantity > 0 && (
        <Fact name={t('panel:price.freeUnits')}>
          {row.free_quantity.toLocaleString(locale)}
          {level.free ? `. ${t('panel:price.isFree')}` : ''}
        </Fact>
      )}
    </>
  )
}

function Entry({ money }: { money: MessageMoney }) {
  const { t } = useTranslation('panel')
  const { company, may } = useSession()
  if (!money.entry) {
    return money.phase === 'captured' || money.phase === 'refunded' ? (
      <Fact name={t('panel:price.entry')}>{t('panel:price.posting')}</Fact>
    ) : null
  }
  return (
    <>
      <Fact name={t('panel:price.posted')}>
        <Time at={money.entry.posted_at} seconds />
      </Fact>
      {may('charges.view') && (
        <Fact name={t('panel:price.entry')}>
          <TextLink
            to="/c/$company/account/$entry"
            params={{ company: company.id, entry: money.entry.id }}
            size="sm"
          >
            {t('panel:price.openNumber', { number: String(money.entry.number) })}
          </TextLink>
        </Fact>
      )}
    </>
  )
}

function Welcome({ money }: { money: MessageMoney }) {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const currency = money.levels[0]?.currency
  if (!currency || isZero(money.welcome_credit)) return null
  return (
    <Fact name={t('panel:price.welcome')}>
      {formatMoney({ amount: money.welcome_credit, currency }, locale)}
    </Fact>
  )
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  )
}
