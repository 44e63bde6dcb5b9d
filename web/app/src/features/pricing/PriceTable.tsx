import { Button } from '@mantine/core'
import { useState } from 'react'
import type { PricedItem } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { MoneyText } from '@/ui/MoneyText'
import classes from './PriceListPage.module.css'
import { amountOf, marginOf, placeOf } from './rows'

const shownAtOnce = 100

/** PriceTable shows prices by item and destination; with cost, what is left of each. */
export function PriceTable({ prices, currency }: { prices: PricedItem[]; currency: string }) {
  const { t } = useTranslation('pricing')
  const locale = useLocale()
  const [shown, setShown] = useState(shownAtOnce)
  const withCost = prices.some((price) => price.cost !== undefined)
  return (
    <>
      <div className={classes.scroll}>
        <table className={classes.prices}>
          <thead>
            <tr>
              <th scope="col">{t('pricing:item')}</th>
              <th scope="col">{t('pricing:where')}</th>
              {withCost && <th scope="col">{t('pricing:cost')}</th>}
              {withCost && <th scope="col">{t('pricing:margin')}</th>}
              <th scope="col">{t('pricing:unitPrice')}</th>
            </tr>
          </thead>
          <tbody>
            {prices.slice(0, shown).map((price) => (
              <tr key={keyOf(price)}>
                <td>
                  {itemName(t, price.item)}
                  <small className={classes.tier}>
                    {price.from_quantity
                      ? t('pricing:fromUnits', { count: price.from_quantity })
                      : ''}
                    {price.free_quantity
                      ? t('pricing:freeUnits', { count: price.free_quantity })
                      : ''}
                  </small>
                </td>
                <td>{placeOf(price, locale)}</td>
                {withCost && (
                  <td>{price.cost && <MoneyText amount={price.cost} currency={currency} />}</td>
                )}
                {withCost && (
                  <td>
                    <Margin price={price} currency={currency} />
                  </td>
                )}
                <td>
                  <MoneyText amount={price.unit_price} currency={currency} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {prices.length > shown && (
        <Button variant="subtle" m="sm" onClick={() => setShown(shown + 400)}>
          {t('pricing:showMore', { count: prices.length - shown })}
        </Button>
      )}
    </>
  )
}

function Margin({ price, currency }: { price: PricedItem; currency: string }) {
  const margin = marginOf({ price: price.unit_price, cost: price.cost })
  return margin === undefined ? null : (
    <MoneyText amount={amountOf(margin)} currency={currency} warn />
  )
}

function keyOf(x: PricedItem): string {
  return [x.item, x.country, x.network, x.category, x.from_quantity].join(' ')
}
