import { expect, test } from 'vitest'
import { countries, countryName, hasPostcodes, namedCountries } from './countries'

test('every country has a name in both languages, once', () => {
  expect(new Set(countries).size).toBe(countries.length)
  for (const locale of ['ru-RU', 'en-GB']) {
    const names = namedCountries(locale)
    expect(names).toHaveLength(countries.length)
    expect(names.filter(({ code, name }) => code === name)).toEqual([])
    expect(new Set(names.map(({ name }) => name)).size).toBe(countries.length)
  }
})

test('the one that most will choose comes first, the others by the reader’s alphabet', () => {
  const russian = namedCountries('ru-RU', 'RU').map(({ name }) => name)
  expect(russian[0]).toBe('Россия')
  expect(russian.indexOf('Австралия')).toBeLessThan(russian.indexOf('Германия'))
  expect(namedCountries('en-GB')[0]?.name).toBe('Afghanistan')
  expect(countryName('DE', 'en-GB')).toBe('Germany')
})

test('some countries know no postal codes', () => {
  expect(hasPostcodes('RU')).toBe(true)
  expect(hasPostcodes('AE')).toBe(false)
})
