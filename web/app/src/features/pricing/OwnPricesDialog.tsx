import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { PriceList } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { ErrorState } from '@/ui/ErrorState'
import { FormSkeleton } from '@/ui/Skeletons'
import { toastGood } from '@/ui/toast'
import { PriceEditor } from './PriceEditor'
import { useSeller } from './seller'

interface Props {
  list: PriceList
  buyer: { company: number; name: string }
  onClose: () => void
}

/** OwnPricesDialog sets what one company pays instead of its list's prices; the other rows stay the list's. */
export function OwnPricesDialog({ list, buyer, onClose }: Props) {
  const { t } = useTranslation('pricing')
  const { seller } = useSeller()
  const { data, error, refetch } = useQuery({
    queryKey: [...seller.key, 'own', buyer.company],
    queryFn: async () => {
      const { price_list, versions } = await seller.ownPrices(buyer.company)
      const [latest] = versions
      if (!price_list || !latest) return { versions }
      return { versions, latest: await seller.version(price_list, latest.number) }
    },
    gcTime: 0,
  })
  return (
    <Modal opened onClose={onClose} size="xl" title={`${t('pricing:ownOf')}: ${buyer.name}`}>
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <FormSkeleton />}
      {data && (
        <PriceEditor
          list={{ ...list, versions: data.versions }}
          version={data.latest ?? { ...emptyVersion, items: [] }}
          save={(version) => seller.setOwnPrices(buyer.company, version)}
          onSaved={() => {
            toastGood(t('pricing:ownSaved'))
            onClose()
          }}
        />
      )}
    </Modal>
  )
}

const emptyVersion = { number: 0, valid_from: '', valid_until: null, created_at: '', prices: 0 }
