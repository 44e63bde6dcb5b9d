import { Button } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useParams } from '@tanstack/react-router'
import { useState } from 'react'
import type { PriceList, PriceListVersion } from '@/lib/api/types'
import { priceListOf, priceVersionOf } from '@/lib/data/priceLists'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { StateBadge } from '@/ui/StateBadge'
import { Time } from '@/ui/Time'
import { Buyers } from './Buyers'
import { PriceEditor } from './PriceEditor'
import { PriceTable } from './PriceTable'
import { PublishSwitch } from './PublishSwitch'
import { useSeller } from './seller'

/** PriceListPage shows the prices of a list through time; a new version never touches what is already rated. */
export function PriceListPage() {
  const { t } = useTranslation('pricing')
  const { list: id = '' } = useParams({ strict: false })
  const { company } = useSession()
  const { seller, resells } = useSeller()
  const { data: list, error, refetch } = useQuery(priceListOf(seller, id))
  return (
    <Page
      title={list?.name ?? t('pricing:one')}
      lead={list && <CopyId id={list.id} label={list.currency} />}
      above={
        <TextLink
          to={
            resells ? '/c/$company/dependents/price-lists' : '/c/$company/back-office/price-lists'
          }
          params={{ company: company.id }}
          size="sm"
        >
          ← {t('ui:backOffice.priceLists')}
        </TextLink>
      }
    >
      {error && !list && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !list && <FormSkeleton />}
      {list && (
        <>
          <Editor key={list.versions.length} list={list} />
          {!resells && list.versions.length > 0 && <PublishSwitch list={list.id} />}
          {list.versions.length > 0 && <Buyers list={list} />}
          {list.versions.map((version, index) => (
            <Version key={version.number} list={list} version={version} open={index === 0} />
          ))}
        </>
      )}
    </Page>
  )
}

/** Editor waits for the latest prices, with which the next version begins. */
function Editor({ list }: { list: PriceList }) {
  const { seller } = useSeller()
  const latest = list.versions[0]?.number
  const { data } = useQuery({
    ...priceVersionOf(seller, list.id, latest ?? 0),
    enabled: latest !== undefined,
  })
  if (latest !== undefined && !data) return <FormSkeleton />
  return <PriceEditor list={list} version={data} />
}

/** The version in force is the one whose day came last and has not ended. */
function inForce(list: PriceList): PriceListVersion | undefined {
  const now = new Date().toISOString()
  const begun = list.versions.filter((version) => version.valid_from <= now)
  const latest = begun.reduce<PriceListVersion | undefined>(
    (best, one) => (best && best.valid_from >= one.valid_from ? best : one),
    undefined,
  )
  return latest?.valid_until && latest.valid_until <= now ? undefined : latest
}

interface VersionProps {
  list: PriceList
  version: PriceListVersion
  open: boolean
}

function Version({ list, version, open }: VersionProps) {
  const { t } = useTranslation('pricing')
  const { seller } = useSeller()
  const [shown, setShown] = useState(open)
  const { data } = useQuery({
    ...priceVersionOf(seller, list.id, version.number),
    enabled: shown,
  })
  const future = version.valid_from > new Date().toISOString()
  return (
    <Card
      flush
      title={t('pricing:version', { number: version.number })}
      text={
        <>
          {t('pricing:from')} <Time at={version.valid_from} />
          {version.valid_until && (
            <>
              {' '}
              {t('pricing:until')} <Time at={version.valid_until} />
            </>
          )}
        </>
      }
      actions={
        <>
          {version.number === inForce(list)?.number && (
            <StateBadge meaning="good">{t('pricing:inForce')}</StateBadge>
          )}
          {future && <StateBadge meaning="info">{t('pricing:future')}</StateBadge>}
          <Button
            component="a"
            href={seller.csv(list.id, version.number)}
            download
            variant="subtle"
            leftSection={<IconDownload size={16} />}
          >
            CSV
          </Button>
          {!shown && (
            <Button variant="default" onClick={() => setShown(true)}>
              {t('pricing:show', { count: version.prices })}
            </Button>
          )}
        </>
      }
    >
      {shown && data?.items && <PriceTable prices={data.items} currency={list.currency} />}
    </Card>
  )
}
