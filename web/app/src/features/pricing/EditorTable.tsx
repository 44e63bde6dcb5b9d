import { ActionIcon, Select, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { MoneyText } from '@/ui/MoneyText'
import classes from './PriceListPage.module.css'
import { amountOf, items, marginOf, priceOf, type Row } from './rows'

interface Props {
  rows: Row[]
  currency: string
  /** A reseller sees what it pays itself and what is left. */
  withCost: boolean
  onChange: (key: number, part: Partial<Row>) => void
  onDrop: (key: number) => void
}

const texts = ['country', 'network', 'category', 'from', 'free', 'price'] as const

/** EditorTable is one row of fields per price; on a phone each row is a block. */
export function EditorTable({ rows, currency, withCost, onChange, onDrop }: Props) {
  const { t } = useTranslation('pricing')
  return (
    <div className={classes.scroll}>
      <table className={classes.editor}>
        <thead>
          <tr>
            <th scope="col">{t('pricing:item')}</th>
            {texts.map((name) => (
              <th key={name} scope="col">
                {t(`pricing:field.${name}`)}
              </th>
            ))}
            {withCost && <th scope="col">{t('pricing:cost')}</th>}
            {withCost && <th scope="col">{t('pricing:margin')}</th>}
            <th scope="col">
              <span className="visually-hidden">{t('pricing:drop')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.key}>
              <td data-label={t('pricing:item')} className={classes.wide}>
                <Select
                  aria-label={t('pricing:item')}
                  data={items.map((value) => ({ value, label: itemName(t, value) }))}
                  value={row.item}
                  allowDeselect={false}
                  onChange={(item) => item && onChange(row.key, { item })}
                  comboboxProps={{ keepMounted: false }}
                />
              </td>
              {texts.map((name) => (
                <td key={name} data-label={t(`pricing:field.${name}`)}>
                  <TextInput
                    aria-label={t(`pricing:field.${name}`)}
                    value={row[name]}
                    onChange={(event) => onChange(row.key, { [name]: event.currentTarget.value })}
                    placeholder={texts.indexOf(name) < 3 ? t('pricing:any') : ''}
                    inputMode={name === 'country' || name === 'category' ? 'text' : 'decimal'}
                    error={name === 'price' && row.price.trim() !== '' && !priceOf(row)}
                    autoComplete="off"
                  />
                </td>
              ))}
              {withCost && (
                <td data-label={t('pricing:cost')} className="numbers">
                  {row.cost ? <MoneyText amount={row.cost} currency={currency} /> : '–'}
                </td>
              )}
              {withCost && (
                <td data-label={t('pricing:margin')}>
                  <Margin row={row} currency={currency} />
                </td>
              )}
              <td>
                <ActionIcon
                  variant="subtle"
                  color="gray"
                  aria-label={t('pricing:drop')}
                  onClick={() => onDrop(row.key)}
                >
                  <IconTrash size={16} />
                </ActionIcon>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Margin({ row, currency }: { row: Row; currency: string }) {
  const margin = marginOf(row)
  if (margin === undefined) return '–'
  return <MoneyText amount={amountOf(margin)} currency={currency} warn />
}
