import { expect, test } from 'vitest'
import { sessionOf } from '@/lib/session/session'
import { person } from '@/test/person'
import { isAt, places } from './navigation'

function shown(kind: 'platform' | 'company', roles: string[], permissions: string[]) {
  const company = { id: 12, name: 'x', kind, currency: 'RUB', time_zone: 'UTC' }
  const membership = { company, roles, permissions, unread: 0 }
  return places(
    sessionOf(
      { user: person, memberships: [membership], last_company: null, consent_required: [] },
      membership,
    ),
  )
}
const keys = (list: { key: string }[]) => list.map((place) => place.key)

test('each role sees what it may and nothing else', () => {
  expect(keys(shown('company', ['operator'], ['panel.use', 'company.view']))).toEqual(['panel'])
  const accountant = ['balance.view', 'charges.view', 'invoices.view', 'invoices.create']
  expect(keys(shown('company', ['accountant'], accountant))).toEqual(['account', 'invoices'])
  expect(keys(shown('company', ['analyst'], ['company.view', 'chats.view']))).toEqual([
    'home',
    'chats',
  ])
  expect(
    keys(
      shown(
        'platform',
        ['owner'],
        ['panel.use', 'chats.view', 'platform.prices', 'company.details'],
      ),
    ),
  ).toEqual(['home', 'panel', 'chats', 'settings', 'backOffice'])
})

test('an address belongs to one place', () => {
  const all = shown(
    'platform',
    ['owner'],
    ['panel.use', 'chats.view', 'platform.companies', 'company.details'],
  )
  const at = (pathname: string) => keys(all.filter((place) => isAt(place, 12, pathname)))
  expect(at('/c/12')).toEqual(['home'])
  expect(at('/c/12/')).toEqual(['home'])
  expect(at('/c/12/chats/groups/new')).toEqual(['chats'])
  expect(at('/c/12/back-office/price-lists')).toEqual(['backOffice'])
  expect(at('/c/12/chatsx')).toEqual([])
})
