import { expect, test } from 'vitest'
import { addressesIn, hasAddress, nameOfFile, withColumn } from './model'

test('addresses stand one a line or with separators between', () => {
  expect(addressesIn(' +7 912 000-00-01\n\n a@b.example; c@d.example ,')).toEqual([
    '+7 912 000-00-01',
    'a@b.example',
    'c@d.example',
  ])
})

test('a list is called as its file', () => {
  expect(nameOfFile('Clients 2026.XLSX')).toBe('Clients 2026')
  expect(nameOfFile('notes.csv.csv')).toBe('notes.csv')
})

test('only one column is the phone, variables may be many', () => {
  const before = [
    { to: 'phone' as const, name: '' },
    { to: 'variable' as const, name: 'city' },
    { to: 'variable' as const, name: 'sum' },
  ]
  expect(withColumn(before, 1, { to: 'phone', name: '' })).toEqual([
    { to: 'skip', name: '' },
    { to: 'phone', name: '' },
    { to: 'variable', name: 'sum' },
  ])
  expect(withColumn(before, 0, { to: 'variable', name: 'x' }).map(({ name }) => name)).toEqual([
    'x',
    'city',
    'sum',
  ])
})

test('without phone, email and client id nobody can be found', () => {
  expect(hasAddress([{ to: 'name', name: '' }])).toBe(false)
  expect(hasAddress([{ to: 'client_id', name: '' }])).toBe(true)
})
