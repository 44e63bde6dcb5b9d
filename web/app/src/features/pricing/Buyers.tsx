import { Button, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { fromLocal } from '@parley/shared/time'
import { useInfiniteQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { PriceList } from '@/lib/api/types'
import { buyersOf } from '@/lib/data/priceLists'
import { useTranslation } from '@/lib/i18n/i18n'
import { useZone } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import { Time } from '@/ui/Time'
import { toastGood } from '@/ui/toast'
import { OwnPricesDialog } from './OwnPricesDialog'
import classes from './PriceListPage.module.css'
import { useSeller } from './seller'

/** Buyers are the companies that pay by a list, and a field to add one from a moment on. */
export function Buyers({ list }: { list: PriceList }) {
  const { t } = useTranslation('pricing')
  const { seller } = useSeller()
  const client = useQueryClient()
  const zone = useZone()
  const [own, setOwn] = useState<{ company: number; name: string }>()
  const { data, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    buyersOf(seller, list.id),
  )
  const buyers = data?.pages.flatMap((page) => page.items)
  const form = useForm({
    initialValues: { companies: '', from: '' },
    validate: { companies: (value) => (numbersOf(value) ? null : t('pricing:badCompany')) },
  })
  return (
    <Card title={t('pricing:column.companies')} text={t('pricing:buyersText')}>
      {buyers && buyers.length > 0 && (
        <ul className={classes.buyers}>
          {buyers.map((buyer) => (
            <li key={buyer.company}>
              <span>
                {buyer.name} <small className="numbers">{buyer.company}</small>
              </span>
              <span>
                {t('pricing:from')} <Time at={buyer.valid_from} />{' '}
                <Button size="compact-sm" variant="subtle" onClick={() => setOwn(buyer)}>
                  {t('pricing:ownOf')}
                </Button>
              </span>
            </li>
          ))}
        </ul>
      )}
      {own && <OwnPricesDialog list={list} buyer={own} onClose={() => setOwn(undefined)} />}
      {hasNextPage && (
        <Button variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {t('pricing:moreCompanies')}
        </Button>
      )}
      <Form
        form={form}
        submit={t('pricing:assign')}
        fieldNames={{ price_list: 'companies', valid_from: 'from' }}
        onSubmit={({ companies, from }) =>
          seller.assignAll(
            numbersOf(companies) ?? [],
            list.id,
            from === '' ? undefined : fromLocal(from, zone).toISOString(),
          )
        }
        onSaved={() => {
          toastGood(t('pricing:assigned'))
          form.reset()
          void client.invalidateQueries({ queryKey: seller.key })
        }}
      >
        <Stack gap="sm" className={classes.from}>
          <TextInput
            label={t('pricing:company')}
            description={t('pricing:companiesHelp')}
            autoComplete="off"
            {...form.getInputProps('companies')}
          />
          <TextInput
            type="datetime-local"
            label={t('pricing:validFrom')}
            description={t('pricing:validFromNow')}
            {...form.getInputProps('from')}
          />
        </Stack>
      </Form>
    </Card>
  )
}

/** numbersOf reads companies' numbers with anything between them; undefined when one is no number. */
function numbersOf(typed: string): number[] | undefined {
  const words = typed.split(/[\s,;]+/).filter(Boolean)
  return words.length > 0 && words.every((word) => /^\d{1,12}$/.test(word))
    ? words.map(Number)
    : undefined
}
