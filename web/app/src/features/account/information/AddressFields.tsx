import { TextInput } from '@mantine/core'
import { hasPostcodes } from '@parley/shared/countries'
import { useTranslation } from '@/lib/i18n/i18n'
import { CountrySelect } from '@/ui/CountrySelect'
import type { Field } from './Fields'
import classes from './information.module.css'

interface Props {
  at: 'legal_address' | 'postal_address'
  country: string
  field: Field
}

/** AddressFields are a place that post reaches. */
export function AddressFields({ at, country, field }: Props) {
  const { t } = useTranslation('company')
  return (
    <div className={classes.fields}>
      <CountrySelect
        label={t('company:address.country')}
        withAsterisk
        {...field(`${at}.country`)}
        value={country || null}
      />
      <TextInput
        label={t('company:address.postal_code')}
        withAsterisk={hasPostcodes(country)}
        maxLength={20}
        autoComplete="postal-code"
        {...field(`${at}.postal_code`)}
      />
      <TextInput
        label={t('company:address.region')}
        maxLength={300}
        autoComplete="address-level1"
        {...field(`${at}.region`)}
      />
      <TextInput
        label={t('company:address.city')}
        withAsterisk
        maxLength={300}
        autoComplete="address-level2"
        {...field(`${at}.city`)}
      />
      <TextInput
        className={classes.wide}
        label={t('company:address.street')}
        withAsterisk
        maxLength={300}
        autoComplete="street-address"
        {...field(`${at}.street`)}
      />
    </div>
  )
}
