import { useQuery } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { MoneyText } from '@/ui/MoneyText'
import classes from './PublicPrices.module.css'

/** PublicPrices are what the seller of these pages asks for, item by item. */
export function PublicPrices() {
  const { t } = useTranslation('account')
  const { data } = useQuery({
    queryKey: ['site', 'prices'],
    staleTime: 60_000,
    queryFn: () => ok(api.GET('/api/v1/site/prices')),
  })
  if (!data) return null
  return (
    <section className={classes.prices} aria-labelledby="prices">
      <h2 id="prices" className={classes.title}>
        {t('account:welcome.prices.title')}
      </h2>
      <p className={classes.soft}>{t('account:welcome.prices.text')}</p>
      <dl className={classes.list}>
        {data.items.map(({ item, unit_price, lowest }) => (
          <div key={item} className={classes.row}>
            <dt>{itemName(t, item)}</dt>
            <dd>
              {lowest && <span className={classes.soft}>{t('account:welcome.prices.from')} </span>}
              <MoneyText amount={unit_price} currency={data.currency} />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}
