import { formatMoney, isNegative } from '@parley/shared/money'
import { useLocale } from '@/lib/i18n/i18n'

interface Props {
  amount: string
  currency: string
  /** Shows a plus before what came in. */
  signed?: boolean
  /** Colours a debt. */
  warn?: boolean
}

/** MoneyText writes an amount by locale, with figures of one width. */
export function MoneyText({ amount, currency, signed, warn }: Props) {
  const locale = useLocale()
  const style = warn && isNegative(amount) ? { color: 'var(--p-bad-text)' } : undefined
  return (
    <span className="numbers nowrap" style={style}>
      {formatMoney({ amount, currency }, locale, { signed })}
    </span>
  )
}
