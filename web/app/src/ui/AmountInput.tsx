import { TextInput, type TextInputProps } from '@mantine/core'
import { currencySymbol } from '@parley/shared/money'
import { useLocale } from '@/lib/i18n/i18n'

/** AmountInput takes an amount as people write it, with spaces, a comma or a point; parseAmount reads it. */
export function AmountInput({ currency, ...props }: TextInputProps & { currency: string }) {
  const locale = useLocale()
  return (
    <TextInput
      inputMode="decimal"
      autoComplete="off"
      rightSection={<span aria-hidden>{currencySymbol(currency, locale)}</span>}
      styles={{ input: { fontVariantNumeric: 'tabular-nums' } }}
      {...props}
    />
  )
}
