import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { itemName } from '@/lib/money/itemName'
import { useSession } from '@/lib/session/session'
import { CopyId } from './CopyId'
import type { Column } from './List'
import { TextLink } from './links'
import { MoneyText } from './MoneyText'
import { Time } from './Time'

/** Charged is what every list of charged events has, whoever asks. */
interface Charged {
  company: number
  item: string
  at: string
  quantity: number
  amount: string
  /** The id of the message. */
  reference: string
}

/** useUsageColumns are the columns of such a list; the company is told where it is not only one's own. */
export function useUsageColumns<T extends Charged>(
  rows: T[],
): Record<'item' | 'at' | 'quantity' | 'amount' | 'reference', Column<T>> & {
  company: Column<T> | false
} {
  const { t } = useTranslation()
  const { company } = useSession()
  const locale = useLocale()
  return {
    item: {
      key: 'item',
      title: t('ui:usage.item'),
      cell: (usage) => <Item usage={usage} />,
    },
    at: {
      key: 'at',
      title: t('ui:usage.at'),
      width: '200px',
      cell: (usage) => <Time at={usage.at} seconds />,
    },
    company: rows.some((usage) => usage.company !== company.id) && {
      key: 'company',
      title: t('ui:usage.company'),
      align: 'end',
      cell: (usage) => usage.company,
    },
    quantity: {
      key: 'quantity',
      title: t('ui:usage.quantity'),
      align: 'end',
      width: '110px',
      cell: (usage) => usage.quantity.toLocaleString(locale),
    },
    amount: {
      key: 'amount',
      title: t('ui:usage.amount'),
      align: 'end',
      cell: (usage) => <MoneyText amount={usage.amount} currency={company.currency} />,
    },
    reference: {
      key: 'reference',
      title: t('ui:usage.reference'),
      wideOnly: true,
      cell: (usage) => <CopyId id={usage.reference} label={`…${usage.reference.slice(-12)}`} />,
    },
  }
}

/** Item leads from what was charged to the message itself, in its dialog, where one may see it. */
function Item({ usage }: { usage: Charged }) {
  const { t } = useTranslation()
  const { company, may } = useSession()
  const name = itemName(t, usage.item)
  const ours = usage.company === company.id && usage.item.startsWith('chat.')
  if (!ours || !may('panel.use')) return name
  return (
    <TextLink
      to="/c/$company/messages/$message"
      params={{ company: company.id, message: usage.reference }}
      title={t('ui:usage.open')}
    >
      {name}
    </TextLink>
  )
}
