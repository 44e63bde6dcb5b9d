import { Checkbox, Select, TagsInput, TextInput } from '@mantine/core'
import type { Requisites } from '@/lib/api/types'
import { kindsOf, type Party, partsOf, partyOf, ratesOf } from '@/lib/company/parties'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { CountrySelect } from '@/ui/CountrySelect'
import { AddressFields } from './AddressFields'
import { type Field, Fields } from './Fields'
import classes from './information.module.css'

interface Props {
  value: Requisites
  field: Field
}

/** RequisitesFields ask for the country first: it decides what else there is. */
export function RequisitesFields({ value, field }: Props) {
  const choose = dependent(field, value)
  const party = partyOf(value)
  return (
    <>
      <Names value={value} field={choose} party={party} />
      {party && <Money value={value} field={field} party={party} />}
      <Addresses value={value} field={field} />
    </>
  )
}

/** dependent takes along what a choice decides: a kind that the new country lacks, a regime's only VAT rate. */
function dependent(field: Field, value: Requisites): Field {
  const set = (path: string, next: string) => field(path).onChange(next)
  return (path) => {
    const own = field(path)
    return {
      ...own,
      onChange: (next: string) => {
        own.onChange(next)
        if (path === 'country') {
          if (!kindsOf(next).includes(value.kind)) set('kind', '')
          for (const at of ['legal_address', 'postal_address'] as const)
            if (!value[at].country) set(`${at}.country`, next)
        }
        if (path === 'tax_regime') {
          const rates = ratesOf(next, '')
          if (!rates.includes(value.vat_rate))
            set('vat_rate', (rates.length === 1 && rates[0]) || '')
        }
      },
    }
  }
}

function Names({ value, field, party }: Props & { party: Party | undefined }) {
  const { t } = useTranslation('company')
  const region = value.country === 'RU' ? 'RU' : 'other'
  return (
    <Card title={t('company:part.names')} text={t('company:part.namesHelp')}>
      <div className={classes.stack}>
        <div className={classes.fields}>
          <CountrySelect
            label={t('company:requisites.country')}
            withAsterisk
            {...field('country')}
            value={value.country || null}
          />
          {value.country && (
            <Select
              label={t('company:requisites.kind')}
              withAsterisk
              data={kindsOf(value.country).map((kind) => ({
                value: kind,
                label: t(`company:kind.${region}.${kind}`),
              }))}
              allowDeselect={false}
              {...field('kind')}
              value={value.kind || null}
            />
          )}
        </div>
        {party && (
          <Fields
            party={party}
            fields={partsOf(party, value.country).names}
            value={value}
            field={field}
          />
        )}
      </div>
    </Card>
  )
}

function Money({ value, field, party }: Props & { party: Party }) {
  const { t } = useTranslation('company')
  const { bank, signatory } = partsOf(party, value.country)
  return (
    <>
      <Card title={t('company:part.bank')}>
        <Fields party={party} fields={bank} value={value} field={field} />
      </Card>
      <Card
        title={t(signatory.length > 0 ? 'company:part.signatory' : 'company:part.contract')}
        text={t('company:part.signatoryHelp')}
      >
        <div className={classes.stack}>
          {signatory.length > 0 && (
            <Fields party={party} fields={signatory} value={value} field={field} />
          )}
          <div className={classes.fields}>
            <TextInput
              label={t('company:requisites.contract_number')}
              maxLength={300}
              {...field('contract_number')}
            />
            <TextInput
              type="date"
              label={t('company:requisites.contract_date')}
              {...field('contract_date')}
            />
          </div>
        </div>
      </Card>
    </>
  )
}

function Addresses({ value, field }: Props) {
  const { t } = useTranslation('company')
  return (
    <>
      <Card title={t('company:part.legal_address')}>
        <AddressFields at="legal_address" country={value.legal_address.country} field={field} />
      </Card>
      <Card title={t('company:part.postal_address')}>
        <div className={classes.stack}>
          <Checkbox
            label={t('company:requisites.postal_same')}
            checked={value.postal_same}
            onChange={(e) => field('postal_same').onChange(e.currentTarget.checked)}
          />
          {!value.postal_same && (
            <AddressFields
              at="postal_address"
              country={value.postal_address.country}
              field={field}
            />
          )}
        </div>
      </Card>
      <Card title={t('company:part.documents')}>
        <TagsInput
          label={t('company:requisites.document_emails')}
          description={t('company:documentsHelp')}
          maxTags={10}
          splitChars={[',', ';', ' ']}
          inputMode="email"
          autoComplete="off"
          clearable={false}
          {...field('document_emails')}
        />
      </Card>
    </>
  )
}
