import type { SelectProps } from '@mantine/core'
import { namedCountries } from '@parley/shared/countries'
import { useMemo } from 'react'
import { useLocale } from '@/lib/i18n/i18n'
import { LongSelect } from './LongSelect'

/** CountrySelect holds the code of two letters and shows the name in the reader's language. */
export function CountrySelect(props: Omit<SelectProps, 'data'>) {
  const locale = useLocale()
  const data = useMemo(
    () =>
      namedCountries(locale, locale === 'ru-RU' ? 'RU' : undefined).map(({ code, name }) => ({
        value: code,
        label: name,
      })),
    [locale],
  )
  return <LongSelect data={data} {...props} />
}
