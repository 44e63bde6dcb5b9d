import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import type { PriceList, PriceListVersion } from '@/lib/api/types'
import { priceListQuery } from '@/lib/data/priceLists'
import { useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { Card } from '@/ui/Card'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { TextLink } from '@/ui/links'
import { MoneyText } from '@/ui/MoneyText'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { StateBadge } from '@/ui/StateBadge'
import { Time } from '@/ui/Time'
import classes from './PriceListPage.module.css'
import { VersionForm } from './VersionForm'

const route = getRouteApi('/c/$company/back-office/price-lists/$list')

/** PriceListPage shows the prices of a list through time; a new version never touches what is already rated. */
export function PriceListPage() {
  const { t } = useTranslation('pricing')
  const { company, list: id } = route.useParams()
  const { data: list, error, refetch } = useQuery(priceListQuery(id))
  return (
    <Page
      width="form"
      title={list?.name ?? t('pricing:one')}
      lead={list && <CopyId id={list.id} label={list.currency} />}
      above={
        <TextLink to="/c/$company/back-office/price-lists" params={{ company }} size="sm">
          ← {t('ui:backOffice.priceLists')}
        </TextLink>
      }
    >
      {error && !list && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !list && <FormSkeleton />}
      {list && (
        <>
          <VersionForm key={list.versions.length} list={list} />
          {list.versions.map((version) => (
            <Version key={version.number} list={list} version={version} />
          ))}
        </>
      )}
    </Page>
  )
}

/** The version in force is the youngest whose day has come. */
function inForce(list: PriceList): PriceListVersion | undefined {
  const now = new Date().toISOString()
  return list.versions.find((version) => version.valid_from <= now)
}

function Version({ list, version }: { list: PriceList; version: PriceListVersion }) {
  const { t } = useTranslation('pricing')
  const current = inForce(list)
  const future = version.valid_from > new Date().toISOString()
  return (
    <Card
      flush
      title={t('pricing:version', { number: version.number })}
      text={
        <>
          {t('pricing:from')} <Time at={version.valid_from} />
        </>
      }
      actions={
        version === current ? (
          <StateBadge meaning="good">{t('pricing:inForce')}</StateBadge>
        ) : (
          future && <StateBadge meaning="info">{t('pricing:future')}</StateBadge>
        )
      }
    >
      <table className={classes.prices}>
        <thead>
          <tr>
            <th scope="col">{t('pricing:item')}</th>
            <th scope="col">{t('pricing:unitPrice')}</th>
          </tr>
        </thead>
        <tbody>
          {version.items.map((price) => (
            <tr key={price.item}>
              <td>{itemName(t, price.item)}</td>
              <td>
                <MoneyText amount={price.unit_price} currency={list.currency} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  )
}
