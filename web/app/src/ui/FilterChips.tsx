import { UnstyledButton } from '@mantine/core'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './FilterChips.module.css'

interface Option<T extends string> {
  value: T
  label: string
  count?: number
}

interface Props<T extends string> {
  label: string
  options: Option<T>[]
  value: T | undefined
  onChange: (value: T | undefined) => void
  /** Pressing the chosen chip again takes the filter off. */
  clearable?: boolean
}

/** FilterChips is a row of filters, one of which may be on. */
export function FilterChips<T extends string>({
  label,
  options,
  value,
  onChange,
  clearable = true,
}: Props<T>) {
  return (
    <fieldset className={classes.chips}>
      <legend className="visually-hidden">{label}</legend>
      {options.map((option) => {
        const on = option.value === value
        return (
          <UnstyledButton
            key={option.value}
            className={classes.chip}
            aria-pressed={on}
            onClick={() => onChange(on && clearable ? undefined : option.value)}
          >
            {option.label}
            {option.count !== undefined && <span className={classes.count}>{option.count}</span>}
          </UnstyledButton>
        )
      })}
    </fieldset>
  )
}

/** ClearFilters takes all filters off at once; it is absent while none is on. */
export function ClearFilters({ on, onClear }: { on: boolean; onClear: () => void }) {
  const { t } = useTranslation()
  if (!on) return null
  return (
    <UnstyledButton className={classes.clear} onClick={onClear}>
      {t('ui:clear')}
    </UnstyledButton>
  )
}
