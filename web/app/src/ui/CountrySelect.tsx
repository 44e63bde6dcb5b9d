import { Select, type SelectProps } from '@mantine/core'
import { namedCountries } from '@parley/shared/countries'
import { useMemo } from 'react'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'

/** Hundreds of choices in the page would make each key pressed in the form beside them slow. */
const closedIsEmpty = { keepMounted: false }

/** CountrySelect holds the code of two letters and shows the name in the reader's language. */
export function CountrySelect(props: Omit<SelectProps, 'data'>) {
  const { t } = useTranslation()
  const locale = useLocale()
  const data = useMemo(
    () =>
      namedCountries(locale, locale === 'ru-RU' ? 'RU' : undefined).map(({ code, name }) => ({
        value: code,
        label: name,
      })),
    [locale],
  )
  return (
    <Select
      data={data}
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('ui:nothing')}
      autoComplete="off"
      comboboxProps={closedIsEmpty}
      {...props}
    />
  )
}
