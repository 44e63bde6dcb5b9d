import { expect, test } from 'vitest'
import type { Requisites } from '@/lib/api/types'
import { kindsOf, partsOf, partyOf, ratesOf, regimesOf } from './parties'

const of = (country: string, kind: string) => partyOf({ country, kind } as Requisites)
const paths = (country: string, kind: string) => {
  const party = of(country, kind)
  if (!party) throw new Error(`${country} ${kind} is no party`)
  return Object.values(partsOf(party, country)).flat()
}

test('country and kind together decide the fields', () => {
  expect(of('', '')).toBeUndefined()
  expect(of('RU', '')).toBeUndefined()
  expect(of('DE', 'entrepreneur')).toBeUndefined()
  for (const country of ['RU', 'DE', 'US'])
    for (const kind of kindsOf(country)) expect(paths(country, kind).length).toBeGreaterThan(2)
})

test('an entrepreneur has no KPP, a company abroad no INN, and ABA numbers are American', () => {
  const names = (country: string, kind: string) => paths(country, kind).map(({ path }) => path)
  expect(names('RU', 'company')).toContain('kpp')
  expect(names('RU', 'entrepreneur')).not.toContain('kpp')
  expect(names('DE', 'company')).not.toContain('inn')
  expect(names('DE', 'company')).toContain('bank.iban')
  expect(names('DE', 'company')).not.toContain('bank.aba')
  expect(names('US', 'company')).toContain('bank.aba')
})

test('what papers need is marked', () => {
  const required = (kind: string) =>
    paths('RU', kind)
      .filter((shown) => shown.required)
      .map(({ path }) => path)
  expect(required('company')).toContain('signatory.basis')
  expect(required('entrepreneur')).not.toContain('signatory.basis')
  expect(required('self_employed')).toEqual(['legal_name', 'inn'])
})

test('a regime has its rates, and one that is stored stays', () => {
  expect(ratesOf('patent', '')).toEqual(['none'])
  expect(ratesOf('simplified', '')).toContain('5')
  expect(ratesOf('general', '20')).toContain('20')
  expect(regimesOf('company')).not.toContain('patent')
})
