import { IconTags } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ownPricesOf } from '@/lib/data/priceLists'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { Note } from '@/ui/Note'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { FormSkeleton } from '@/ui/Skeletons'
import { Time } from '@/ui/Time'
import { PriceTable } from './PriceTable'
import { matches, rowOf } from './rows'

/** OwnPricesPage shows what the company pays now. */
export function OwnPricesPage() {
  const { t } = useTranslation('pricing')
  const { company } = useSession()
  const locale = useLocale()
  const [text, setText] = useState('')
  const { data, error, refetch } = useQuery(ownPricesOf(company.id))
  const found = data?.items.filter((x) => matches(rowOf(x), '', text, itemName(t, x.item), locale))
  return (
    <Page title={t('pricing:own')} lead={t('pricing:ownLead')}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <FormSkeleton />}
      {data?.changes && (
        <Note>
          {t('pricing:changes')} <Time at={data.changes} />
        </Note>
      )}
      {data && data.items.length === 0 && (
        <Empty picture={<IconTags />} title={t('pricing:noOwn')} text={t('pricing:noOwnText')} />
      )}
      {found && data && data.items.length > 0 && (
        <>
          <SearchField value={text} onChange={setText} placeholder={t('pricing:search')} />
          <Card flush>
            <PriceTable prices={found} currency={data.currency} />
          </Card>
        </>
      )}
    </Page>
  )
}
