import { PasswordInput, Select, TextInput } from '@mantine/core'
import { useMemo } from 'react'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { ZoneSelect } from '@/ui/ZoneSelect'
import classes from './setup.module.css'
import type { StepProps } from './Wizard'

const languages = [
  { value: 'ru', label: 'Русский' },
  { value: 'en', label: 'English' },
]

/** AdminStep is who runs the installation. */
export function AdminStep({ form }: StepProps) {
  const { t } = useTranslation('setup')
  return (
    <div className={classes.fields}>
      <TextInput
        label={t('setup:admin.name')}
        withAsterisk
        autoComplete="name"
        {...form.getInputProps('admin.name')}
      />
      <TextInput
        label={t('setup:admin.email')}
        description={t('setup:admin.login')}
        withAsterisk
        type="email"
        autoComplete="username email"
        {...form.getInputProps('admin.email')}
      />
      <PasswordInput
        label={t('setup:admin.password')}
        description={t('setup:admin.passwordHelp')}
        withAsterisk
        autoComplete="new-password"
        visibilityToggleButtonProps={{ 'aria-label': t('ui:signIn.show') }}
        {...form.getInputProps('admin.password')}
      />
      <TextInput
        label={t('setup:admin.phone')}
        description={t('setup:admin.phoneHelp')}
        type="tel"
        autoComplete="tel"
        placeholder="+7 912 345-67-89"
        {...form.getInputProps('admin.phone')}
      />
      <Select
        label={t('ui:language')}
        data={languages}
        allowDeselect={false}
        {...form.getInputProps('admin.language')}
      />
    </div>
  )
}

const closedIsEmpty = { keepMounted: false }

/** CompanyStep is the platform's own company, as strangers see it. */
export function CompanyStep({ form, place }: StepProps) {
  const { t } = useTranslation('setup')
  const locale = useLocale()
  const currencies = useMemo(() => {
    const names = new Intl.DisplayNames([locale], { type: 'currency' })
    return Intl.supportedValuesOf('currency').map((code) => ({
      value: code,
      label: `${code} · ${names.of(code)}`,
    }))
  }, [locale])
  return (
    <div className={classes.fields}>
      <TextInput
        label={t('setup:company.name')}
        withAsterisk
        {...form.getInputProps('company.name')}
      />
      <TextInput
        label={t('setup:company.address')}
        description={t('setup:company.addressHelp')}
        value={place.address}
        readOnly
        variant="filled"
      />
      <Select
        label={t('setup:company.currency')}
        description={t('setup:company.currencyHelp')}
        withAsterisk
        data={currencies}
        searchable
        allowDeselect={false}
        nothingFoundMessage={t('ui:nothing')}
        comboboxProps={closedIsEmpty}
        {...form.getInputProps('company.currency')}
      />
      <Select
        label={t('setup:company.language')}
        description={t('setup:company.languageHelp')}
        data={languages}
        allowDeselect={false}
        {...form.getInputProps('company.language')}
      />
      <ZoneSelect
        label={t('setup:company.zone')}
        withAsterisk
        {...form.getInputProps('company.time_zone')}
      />
      <TextInput
        label={t('setup:company.email')}
        type="email"
        {...form.getInputProps('company.email')}
      />
      <TextInput
        label={t('setup:company.phone')}
        type="tel"
        {...form.getInputProps('company.phone')}
      />
    </div>
  )
}
