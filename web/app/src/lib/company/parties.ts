import type { Requisites } from '@/lib/api/types'

/** Party is what decides which fields there are: "RU company", "person". */
export type Party = keyof typeof parties

/** Parts of the form, each with its fields in order; a field that must be filled in for papers has a star. */
interface Parts {
  names: string[]
  signatory: string[]
  bank: string[]
}

const russianBank = ['bank.bik', 'bank.name', 'bank.account', 'bank.correspondent_account']
const signs = ['signatory.name', 'signatory.position', 'signatory.basis']
const foreignBank = ['bank.receiver', 'bank.name', 'bank.iban', 'bank.account', 'bank.swift']
const starred = (paths: string[]) => paths.map((path) => `${path}*`)

const parties = {
  'RU company': {
    names: starred(['legal_name', 'short_name', 'inn', 'kpp', 'ogrn', 'tax_regime', 'vat_rate']),
    signatory: starred(signs),
    bank: starred(russianBank),
  },
  'RU entrepreneur': {
    names: ['legal_name*', 'short_name', ...starred(['inn', 'ogrn', 'tax_regime', 'vat_rate'])],
    signatory: signs,
    bank: starred(russianBank),
  },
  'RU self_employed': { names: starred(['legal_name', 'inn']), signatory: [], bank: russianBank },
  'RU person': { names: ['legal_name*', 'inn'], signatory: [], bank: russianBank },
  company: {
    names: [
      ...starred(['legal_name', 'registration_number']),
      ...['short_name', 'tax_number', 'vat_number', 'duns'],
    ],
    signatory: ['signatory.name*', 'signatory.position', 'signatory.basis'],
    bank: foreignBank,
  },
  person: { names: ['legal_name*', 'tax_number'], signatory: [], bank: foreignBank },
} satisfies Record<string, Parts>

export interface Shown {
  path: string
  required: boolean
}

const shown = (path: string): Shown => ({
  path: path.replace('*', ''),
  required: path.endsWith('*'),
})

/** partyOf is undefined until country and kind are chosen. */
export function partyOf({ country, kind }: Requisites): Party | undefined {
  if (!country) return undefined
  const party = country === 'RU' ? `RU ${kind}` : kind
  return party in parties ? (party as Party) : undefined
}

/** partsOf lists the fields of a party; numbers for transfers within the United States are for those there only. */
export function partsOf(party: Party, country: string): Record<keyof Parts, Shown[]> {
  const { names, signatory, bank } = parties[party]
  return {
    names: names.map(shown),
    signatory: signatory.map(shown),
    bank: [...bank, ...(country === 'US' ? ['bank.aba'] : [])].map(shown),
  }
}

/** kindsOf are the kinds of parties that a country's law knows here. */
export function kindsOf(country: string): string[] {
  return country === 'RU'
    ? ['company', 'entrepreneur', 'self_employed', 'person']
    : ['company', 'person']
}

/** regimesOf are the Russian tax regimes that are open to a kind of party. */
export function regimesOf(kind: string): string[] {
  const open = ['general', 'simplified', 'automated', 'agricultural']
  return kind === 'entrepreneur' ? [...open, 'patent', 'professional'] : open
}

const rates: Record<string, string[]> = {
  general: ['22', '10', '0', 'none'],
  simplified: ['none', '5', '7', '22'],
  agricultural: ['22', '10', 'none'],
}

/** ratesOf are the VAT rates of a regime; an earlier one that is stored stays to be chosen. */
export function ratesOf(regime: string, stored: string): string[] {
  const open = rates[regime] ?? ['none']
  return stored && !open.includes(stored) ? [...open, stored] : open
}
