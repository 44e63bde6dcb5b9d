import { Select, TextInput } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { Requisites } from '@/lib/api/types'
import { type Party, ratesOf, regimesOf, type Shown } from '@/lib/company/parties'
import { useFieldNames } from '@/lib/company/useFieldNames'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './information.module.css'

/** Field gives a field of the requisites what it shows and where it writes, by its path: "bank.bik". */
export type Field = (path: string) => ReturnType<UseFormReturnType<object>['getInputProps']>

interface Props {
  party: Party
  fields: Shown[]
  value: Requisites
  field: Field
}

const wide = ['legal_name', 'bank.receiver']
const codes = ['inn', 'kpp', 'ogrn', 'duns', 'bank.bik', 'bank.correspondent_account', 'bank.aba']

/** Fields are the inputs of one part of the requisites, two in a row where there is room. */
export function Fields({ party, fields, value, field }: Props) {
  const { t } = useTranslation('company')
  const names = useFieldNames(party)
  return (
    <div className={classes.fields}>
      {fields.map(({ path, required }) => {
        const common = { label: names(path), withAsterisk: required, ...field(path) }
        if (path === 'tax_regime') return <Regime key={path} kind={value.kind} {...common} />
        if (path === 'vat_rate')
          return <Rate key={path} regime={value.tax_regime} stored={value.vat_rate} {...common} />
        return (
          <TextInput
            key={path}
            className={wide.includes(path) ? classes.wide : undefined}
            inputMode={codes.includes(path) ? 'numeric' : undefined}
            autoComplete={path === 'legal_name' ? 'organization' : 'off'}
            maxLength={300}
            placeholder={path === 'signatory.basis' ? t('company:basisExample') : undefined}
            {...common}
          />
        )
      })}
    </div>
  )
}

type Choice = ReturnType<Field> & { label: string }

function Regime({ kind, ...props }: Choice & { kind: string }) {
  const { t } = useTranslation('company')
  return (
    <Select
      data={regimesOf(kind).map((value) => ({ value, label: t(`company:regime.${value}`) }))}
      allowDeselect={false}
      {...props}
      value={props.value || null}
    />
  )
}

function Rate({ regime, stored, ...props }: Choice & { regime: string; stored: string }) {
  const { t } = useTranslation('company')
  return (
    <Select
      data={ratesOf(regime, stored).map((value) => ({
        value,
        label: value === 'none' ? t('company:noVAT') : t('company:percent', { rate: value }),
      }))}
      allowDeselect={false}
      {...props}
      value={props.value || null}
    />
  )
}
