import { CloseButton, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'

interface Props {
  value: string
  onChange: (value: string) => void
  placeholder?: string
  /** Names the field for screen readers when the placeholder is too vague. */
  label?: string
  autoFocus?: boolean
}

/** SearchField shows results while typing: it reports 250 ms after the last key. */
export function SearchField({ value, onChange, placeholder, label, autoFocus }: Props) {
  const { t } = useTranslation()
  const [typed, setTyped] = useState(value)
  const reported = useRef(value)
  const report = useDebouncedCallback((next: string) => {
    reported.current = next
    onChange(next)
  }, 250)

  useEffect(() => {
    if (value !== reported.current) {
      reported.current = value
      setTyped(value)
    }
  }, [value])

  const change = (next: string) => {
    setTyped(next)
    report(next)
  }
  return (
    <TextInput
      type="search"
      role="searchbox"
      aria-label={label ?? placeholder ?? t('ui:search')}
      placeholder={placeholder ?? t('ui:search')}
      value={typed}
      autoFocus={autoFocus}
      onChange={(event) => change(event.currentTarget.value)}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        typed && (
          <CloseButton
            size="sm"
            aria-label={t('ui:clearSearch')}
            onClick={() => change('')}
            tabIndex={-1}
          />
        )
      }
    />
  )
}
