import type { Requisites } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { partyOf } from './parties'
import { useFieldNames } from './useFieldNames'

/** useDetailNames names what the company information asks for by its path: "email", "requisites.bank.bik". */
export function useDetailNames(requisites: Requisites | undefined): (path: string) => string {
  const { t } = useTranslation('company')
  const names = useFieldNames(requisites && partyOf(requisites))
  return (path) => {
    const inner = path.replace(/^requisites\./, '')
    if (inner === path) return t(`company:field.${path}`)
    const address = inner.match(/^(?:legal|postal)_address/)
    return address ? `${t(`company:part.${address[0]}`)}: ${names(inner)}` : names(inner)
  }
}
