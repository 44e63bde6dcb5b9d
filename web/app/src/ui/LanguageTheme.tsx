import '@/lib/theme/forms'
import { SegmentedControl, useMantineColorScheme } from '@mantine/core'
import { setLanguage, useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { schemeOf, type Theme } from '@/lib/theme/colorScheme'

interface LanguageProps {
  onChange?: (language: 'en' | 'ru') => void
  fullWidth?: boolean
}

/** LanguageSwitch writes each language in itself. */
export function LanguageSwitch({ onChange, fullWidth }: LanguageProps) {
  const { t } = useTranslation()
  const language = useLanguage()
  return (
    <SegmentedControl
      aria-label={t('ui:language')}
      size="xs"
      fullWidth={fullWidth}
      value={language}
      data={[
        { value: 'en', label: 'English' },
        { value: 'ru', label: 'Русский' },
      ]}
      onChange={(value) => {
        const chosen = value === 'ru' ? 'ru' : 'en'
        void setLanguage(chosen)
        onChange?.(chosen)
      }}
    />
  )
}

interface ThemeProps {
  onChange?: (theme: Theme) => void
}

export function ThemeSwitch({ onChange }: ThemeProps) {
  const { t } = useTranslation()
  const { colorScheme, setColorScheme } = useMantineColorScheme()
  const current: Theme = colorScheme === 'auto' ? 'system' : colorScheme
  return (
    <SegmentedControl
      aria-label={t('ui:theme.label')}
      size="xs"
      fullWidth
      value={current}
      data={(['system', 'light', 'dark'] as const).map((value) => ({
        value,
        label: t(`ui:theme.${value}`),
      }))}
      onChange={(value) => {
        setColorScheme(schemeOf(value as Theme))
        onChange?.(value as Theme)
      }}
    />
  )
}
