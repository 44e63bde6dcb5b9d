import { Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { fromLocal } from '@parley/shared/time'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { PriceList } from '@/lib/api/types'
import { buyersOf } from '@/lib/data/priceLists'
import { useTranslation } from '@/lib/i18n/i18n'
import { useZone } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import { Time } from '@/ui/Time'
import { toastGood } from '@/ui/toast'
import classes from './PriceListPage.module.css'
import { useSeller } from './seller'

/** Buyers are the companies that pay by a list, and a field to add one from a moment on. */
export function Buyers({ list }: { list: PriceList }) {
  const { t } = useTranslation('pricing')
  const { seller } = useSeller()
  const client = useQueryClient()
  const zone = useZone()
  const { data: buyers } = useQuery(buyersOf(seller, list.id))
  const form = useForm({
    initialValues: { company: '', from: '' },
    validate: { company: (value) => (/^\d{1,12}$/.test(value) ? null : t('pricing:badCompany')) },
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
                {t('pricing:from')} <Time at={buyer.valid_from} />
              </span>
            </li>
          ))}
        </ul>
      )}
      <Form
        form={form}
        submit={t('pricing:assign')}
        fieldNames={{ price_list: 'company', valid_from: 'from' }}
        onSubmit={({ company, from }) =>
          seller.assign(
            Number(company),
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
            inputMode="numeric"
            autoComplete="off"
            {...form.getInputProps('company')}
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
