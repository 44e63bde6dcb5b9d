import { describe, expect, test } from 'vitest'
import type { Membership } from '@/lib/api/types'
import { person } from '@/test/person'
import { landingPath, safeReturn } from './landing'
import { homeCompany, membershipOf, sessionOf } from './session'

function membership(roles: string[], permissions: string[], id = 12): Membership {
  return {
    company: {
      id,
      name: 'Blue Bakery',
      kind: 'company',
      currency: 'RUB',
      time_zone: 'Europe/Moscow',
    },
    roles,
    permissions,
    unread: 0,
  }
}

describe('landingPath', () => {
  test.each([
    [['operator'], ['panel.use'], '/c/12/panel'],
    [['accountant'], ['invoices.view'], '/c/12/statistics/invoices'],
    [['accountant'], ['charges.view'], '/c/12'],
    [['owner'], ['panel.use', 'charges.view'], '/c/12'],
    [['operator', 'accountant'], ['panel.use', 'charges.view'], '/c/12'],
    [['operator'], [], '/c/12'],
    [['analyst'], ['chats.view'], '/c/12'],
  ])('%s starts at the right page', (roles, permissions, path) => {
    expect(landingPath(membership(roles, permissions))).toBe(path)
  })
})

describe('safeReturn', () => {
  test.each(['/c/12/chats', '/c/12/chats?q=1#x', '/c/1/account?from=2026-11-01T00:00'])(
    '%s is ours',
    (target) => {
      expect(safeReturn(target)).toBe(target)
    },
  )
  test.each([
    'https://evil.example/c/12',
    '//evil.example/c/12',
    '/\\evil.example/c/12',
    'javascript:alert(1)',
    '/c/../../sign-in',
    '/c/%2e%2e/%2e%2e/sign-in',
    '/sign-in',
    '/api/v1/sign-out',
    '',
    undefined,
    { to: '/c/12' },
  ])('%s is not', (target) => {
    expect(safeReturn(target)).toBeUndefined()
  })
})

describe('session', () => {
  const me = {
    user: person,
    memberships: [
      membership(['owner'], ['chats.manage'], 12),
      membership(['operator'], ['panel.use'], 13),
    ],
    last_company: 13 as number | null,
    consent_required: [],
  }

  test('may knows only what was granted in this company', () => {
    const session = sessionOf(me, membership(['operator'], ['panel.use'], 13))
    expect(session.may('panel.use')).toBe(true)
    expect(session.may('chats.manage')).toBe(false)
  })

  test('the last company comes first, unless one was taken out of it', () => {
    expect(homeCompany(me)).toBe(13)
    expect(homeCompany({ ...me, last_company: 99 })).toBe(12)
    expect(homeCompany({ ...me, last_company: null })).toBe(12)
    expect(homeCompany({ ...me, memberships: [] })).toBeUndefined()
    expect(membershipOf(me, 99)).toBeUndefined()
  })
})
