import { Button, FileButton, Group, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { fromLocal, localMinute, zoneLabel } from '@parley/shared/time'
import { IconPlus, IconUpload } from '@tabler/icons-react'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { asApiError } from '@/lib/api/error'
import type { LineError, PriceList, PriceListVersion } from '@/lib/api/types'
import type { PriceSeller } from '@/lib/data/priceLists'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { useZone } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { useConfirm } from '@/ui/Confirm'
import { Form } from '@/ui/Form'
import { Note } from '@/ui/Note'
import { SearchField } from '@/ui/SearchField'
import { toastGood } from '@/ui/toast'
import { EditorTable } from './EditorTable'
import classes from './PriceListPage.module.css'
import { items, matches, newRow, priceOf, type Row, rowOf } from './rows'
import { useSeller } from './seller'
import { Wrong } from './Wrong'

interface Props {
  list: PriceList
  /** What it begins with; nothing for a list without prices. */
  version?: PriceListVersion
  /** Instead of a new version of the list. */
  save?: PriceSeller['addVersion'] extends (id: string, version: infer V) => infer R
    ? (version: V) => R
    : never
  onSaved?: () => void
}

interface Values {
  rows: Row[]
  from: string
  until: string
}

/** shownAtOnce keeps a list of thousands of carriers quick; the search finds the others. */
const shownAtOnce = 60

/** PriceEditor sets prices from a moment on, beginning with the latest version or with a file. */
export function PriceEditor({ list, version, save: saveOther, onSaved }: Props) {
  const { t } = useTranslation('pricing')
  const { seller, resells } = useSeller()
  const client = useQueryClient()
  const confirm = useConfirm()
  const locale = useLocale()
  const zone = useZone()
  const [item, setItem] = useState('')
  const [text, setText] = useState('')
  const [shown, setShown] = useState(shownAtOnce)
  const [wrong, setWrong] = useState<LineError[]>([])
  const form = useForm<Values>({
    initialValues: {
      rows: version?.items?.map(rowOf) ?? items.slice(0, 6).map(newRow),
      from: '',
      until: '',
    },
    validate: {
      from: (value) =>
        value !== '' && value < localMinute(new Date(), zone) ? t('pricing:past') : null,
      rows: (rows) =>
        rows.some((row) => row.price.trim() !== '' && !priceOf(row))
          ? t('pricing:wrongRows')
          : null,
    },
  })
  const { rows } = form.values
  const found = rows.filter((row) => matches(row, item, text, itemName(t, row.item), locale))
  const change = (key: number, part: Partial<Row>) =>
    form.setFieldValue(
      'rows',
      rows.map((row) => (row.key === key ? { ...row, ...part } : row)),
    )
  const upload = async (file: File | null) => {
    if (!file) return
    const read = await seller.preview(list.id, await file.text())
    setWrong(read.errors)
    if (read.errors.length > 0) return
    form.setFieldValue('rows', read.items.map(rowOf))
    toastGood(t('pricing:read', { count: read.items.length }))
  }
  const save = async ({ rows, from, until }: Values) => {
    const instant = (typed: string) =>
      typed === '' ? undefined : fromLocal(typed, zone).toISOString()
    const body = {
      valid_from: instant(from),
      valid_until: instant(until),
      items: rows.flatMap((row) => (row.price.trim() === '' ? [] : (priceOf(row) ?? []))),
    }
    const add = saveOther ?? ((version) => seller.addVersion(list.id, version))
    try {
      return await add(body)
    } catch (error) {
      if (asApiError(error).problem.below_cost !== true) throw error
      const agreed = await confirm({
        title: t('pricing:belowTitle'),
        text: t('pricing:belowText'),
        action: t('pricing:belowAction'),
      })
      if (!agreed) throw error
      return add({ ...body, below_cost: true })
    }
  }
  return (
    <Form
      form={form}
      submit={t('pricing:setPrices')}
      fieldNames={{ items: 'rows', valid_from: 'from', valid_until: 'until' }}
      onSubmit={save}
      onSaved={() => {
        void client.invalidateQueries({ queryKey: seller.key })
        onSaved?.()
      }}
    >
      <Card
        title={t(list.versions.length === 0 ? 'pricing:first' : 'pricing:change')}
        text={t('pricing:changeText')}
        actions={
          <FileButton accept=".csv,text/csv" onChange={(file) => void upload(file)}>
            {(props) => (
              <Button {...props} variant="default" leftSection={<IconUpload size={16} />}>
                {t('pricing:upload')}
              </Button>
            )}
          </FileButton>
        }
      >
        {wrong.length > 0 && <Wrong lines={wrong} />}
        <div className={classes.filters}>
          <SearchField value={text} onChange={setText} placeholder={t('pricing:search')} />
          <Select
            aria-label={t('pricing:item')}
            placeholder={t('pricing:allItems')}
            data={items.map((value) => ({ value, label: itemName(t, value) }))}
            value={item || null}
            onChange={(value) => setItem(value ?? '')}
            clearable
            comboboxProps={{ keepMounted: false }}
          />
        </div>
        <EditorTable
          rows={found.slice(0, shown)}
          currency={list.currency}
          withCost={resells}
          onChange={change}
          onDrop={(key) =>
            form.setFieldValue(
              'rows',
              rows.filter((row) => row.key !== key),
            )
          }
        />
        <Group mt="sm">
          {found.length > shown && (
            <Button variant="subtle" onClick={() => setShown(shown + 200)}>
              {t('pricing:showMore', { count: found.length - shown })}
            </Button>
          )}
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            onClick={() =>
              form.setFieldValue('rows', [newRow(item || 'sms.delivered_part'), ...rows])
            }
          >
            {t('pricing:add')}
          </Button>
        </Group>
        {form.errors.rows && <Note meaning="bad">{form.errors.rows}</Note>}
        <div className={classes.grid}>
          <TextInput
            type="datetime-local"
            label={t('pricing:validFrom')}
            description={
              zone
                ? t('pricing:validFromHelp', { zone: zoneLabel(zone, new Date(), locale) })
                : t('pricing:validFromNow')
            }
            {...form.getInputProps('from')}
          />
          <TextInput
            type="datetime-local"
            label={t('pricing:validUntil')}
            description={t('pricing:validUntilHelp')}
            {...form.getInputProps('until')}
          />
        </div>
      </Card>
    </Form>
  )
}
