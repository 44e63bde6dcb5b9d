import { Select, type SelectProps } from '@mantine/core'
import { useTranslation } from '@/lib/i18n/i18n'

/** Hundreds of choices in the page would make each key pressed in the form beside them slow. */
const closedIsEmpty = { keepMounted: false }

/** LongSelect is one of hundreds of choices, found by typing a part of its name. */
export function LongSelect(props: SelectProps) {
  const { t } = useTranslation()
  return (
    <Select
      searchable
      allowDeselect={false}
      nothingFoundMessage={t('ui:nothing')}
      autoComplete="off"
      comboboxProps={closedIsEmpty}
      {...props}
    />
  )
}
