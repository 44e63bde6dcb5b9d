import { useMemo } from 'react'
import { type PriceSeller, platformPrices, resellerPrices } from '@/lib/data/priceLists'
import { useSession } from '@/lib/session/session'

/** useSeller is the seller the person works for. */
export function useSeller(): { seller: PriceSeller; resells: boolean } {
  const { company } = useSession()
  const resells = company.kind === 'reseller'
  const seller = useMemo(
    () => (resells ? resellerPrices(company.id) : platformPrices),
    [resells, company.id],
  )
  return { seller, resells }
}
