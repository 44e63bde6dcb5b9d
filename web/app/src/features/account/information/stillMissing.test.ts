import { expect, test } from 'vitest'
import type { Requisites } from '@/lib/api/types'
import { stillMissing } from './stillMissing'

const address = { country: '', postal_code: '', region: '', city: '', street: '' }
const empty = {
  country: '',
  kind: '',
  legal_name: '',
  inn: '',
  bank: { bik: '' },
  legal_address: address,
  postal_address: address,
  postal_same: true,
} as unknown as Requisites
const typed = (change: Partial<Requisites>) => ({ requisites: { ...empty, ...change } })
const missing = [
  'requisites.country',
  'requisites.kind',
  'requisites.legal_name',
  'requisites.legal_address.city',
  'requisites.postal_address.city',
]

test('what is typed is no longer missing, nor is an address that is the other one', () => {
  expect(stillMissing(missing, typed({ country: 'DE' }))).toEqual([
    'requisites.kind',
    'requisites.legal_name',
    'requisites.legal_address.city',
  ])
  expect(stillMissing(missing, typed({ postal_same: false }))).toContain(
    'requisites.postal_address.city',
  )
})

test('the chosen kind brings what it asks for, and drops what it does not have', () => {
  const person = typed({ country: 'RU', kind: 'self_employed', legal_name: 'Anna' })
  expect(stillMissing([...missing, 'requisites.kpp'], person)).toEqual([
    'requisites.legal_address.city',
    'requisites.inn',
  ])
})
