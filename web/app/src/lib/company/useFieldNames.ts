import { useTranslation } from '@/lib/i18n/i18n'
import type { Party } from './parties'

/** Fields that are called by another word for some parties. */
const special: Partial<Record<Party, Record<string, string>>> = {
  'RU entrepreneur': { legal_name: 'person', ogrn: 'ogrnip', short_name: 'shortPerson' },
  'RU self_employed': { legal_name: 'person' },
  'RU person': { legal_name: 'person' },
  person: { legal_name: 'person' },
}

/** useFieldNames names a field of the requisites by its path, in the words of the party's country. */
export function useFieldNames(party: Party | undefined): (path: string) => string {
  const { t } = useTranslation('company')
  const russian = party?.startsWith('RU ') ?? false
  return (path) => {
    const word = party && special[party]?.[path]
    if (word) return t(`company:special.${word}`)
    if (path === 'bank.account')
      return t(russian ? 'company:special.settlement' : 'company:requisites.bank.account')
    const address = path.match(/^(legal|postal)_address\.(.+)$/)
    return address ? t(`company:address.${address[2]}`) : t(`company:requisites.${path}`)
  }
}
