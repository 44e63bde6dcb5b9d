import { TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { isNegative, parseAmount } from '@parley/shared/money'
import { fromLocal, localMinute, zoneLabel } from '@parley/shared/time'
import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { PriceList } from '@/lib/api/types'
import { priceListQuery, priceListsQuery } from '@/lib/data/priceLists'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { useZone } from '@/lib/session/session'
import { AmountInput } from '@/ui/AmountInput'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import classes from './PriceListPage.module.css'

const items = [
  'chat.operator_message',
  'chat.bot_message',
  'chat.contact_message',
  'chat.alice_operator_message',
  'chat.alice_bot_message',
  'chat.alice_contact_message',
]

/** VersionForm sets prices from a moment on, beginning with what holds now. */
export function VersionForm({ list }: { list: PriceList }) {
  const { t } = useTranslation('pricing')
  const client = useQueryClient()
  const locale = useLocale()
  const zone = useZone()
  const latest = new Map(list.versions[0]?.items.map((price) => [price.item, price]))
  const form = useForm({
    initialValues: { from: '', prices: items.map((item) => latest.get(item)?.unit_price ?? '') },
    validate: {
      from: (value) =>
        value !== '' && value < localMinute(new Date(), zone) ? t('pricing:past') : null,
      prices: (typed) => typed.map((one) => problem(one)).find(Boolean) ?? null,
    },
  })
  const problem = (typed: string) => {
    if (typed.trim() === '') return null
    const amount = parseAmount(typed)
    return amount === undefined || isNegative(amount) ? t('pricing:wrong') : null
  }
  return (
    <Form
      form={form}
      submit={t('pricing:setPrices')}
      onSubmit={({ from, prices }) =>
        ok(
          api.POST('/api/v1/back-office/price-lists/{list}/versions', {
            params: { path: { list: list.id } },
            body: {
              valid_from: from === '' ? undefined : fromLocal(from, zone).toISOString(),
              items: items.flatMap((item, index) => {
                const amount = parseAmount(prices[index] ?? '')
                return amount === undefined ? [] : [{ item, unit_price: amount }]
              }),
            },
          }),
        )
      }
      onSaved={() => {
        void client.invalidateQueries({ queryKey: priceListQuery(list.id).queryKey })
        void client.invalidateQueries({ queryKey: priceListsQuery.queryKey })
      }}
    >
      <Card
        title={t(list.versions.length === 0 ? 'pricing:first' : 'pricing:change')}
        text={t('pricing:changeText')}
      >
        <div className={classes.grid}>
          {items.map((item, index) => (
            <AmountInput
              key={item}
              currency={list.currency}
              label={itemName(t, item)}
              {...form.getInputProps(`prices.${index}`)}
              error={problem(form.values.prices[index] ?? '')}
            />
          ))}
        </div>
        <TextInput
          className={classes.from}
          type="datetime-local"
          label={t('pricing:validFrom')}
          description={
            zone
              ? t('pricing:validFromHelp', { zone: zoneLabel(zone, new Date(), locale) })
              : t('pricing:validFromNow')
          }
          {...form.getInputProps('from')}
        />
      </Card>
    </Form>
  )
}
