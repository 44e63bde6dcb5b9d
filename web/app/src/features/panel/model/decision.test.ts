import { expect, test } from 'vitest'
import type { Assignment } from '@/lib/api/types'
import { decisionFor, inOrder, wayOf, whyNotOf } from './decision'

type Candidate = Assignment['reason']['candidates'][number]

const candidate = (own: Partial<Candidate>): Candidate => ({
  user_id: 1,
  name: 'A',
  online: true,
  open: 1,
  limit: 5,
  last_assigned_at: null,
  chosen: false,
  why_not: undefined,
  ...own,
})
const assignment = (at: string, operator: number): Assignment => ({
  at,
  operator: { id: operator, name: `op ${operator}` },
  by: 'rule',
  by_user: null,
  comment: '',
  group_id: null,
  reason: { rule: 'least_loaded', candidates: [] },
})

test('the chosen one stands first, then who was near', () => {
  const names = inOrder([
    candidate({ name: 'offline', online: false, open: 0 }),
    candidate({ name: 'busy', open: 4 }),
    candidate({ name: 'chosen', chosen: true, open: 3 }),
    candidate({ name: 'free', open: 1 }),
    candidate({ name: 'by hand only', open: 0, limit: 0 }),
  ]).map((c) => c.name)
  expect(names).toEqual(['chosen', 'free', 'busy', 'by hand only', 'offline'])
})

test('a reason the page does not know is still a reason', () => {
  expect(whyNotOf(candidate({ why_not: 'full' }))).toBe('full')
  expect(whyNotOf(candidate({ why_not: 'moon_phase' }))).toBe('other')
  expect(whyNotOf(candidate({ why_not: 'full', chosen: true }))).toBeNull()
  expect(whyNotOf(candidate({}))).toBeNull()
})

test('the way', () => {
  const of = (by: Assignment['by'], rule = 'round_robin') =>
    wayOf({ by, reason: { rule, candidates: [] } })
  expect(of('rule')).toBe('round_robin')
  expect(of('taken')).toBe('taken')
  expect(of('handed')).toBe('handed')
  expect(of('sticky')).toBe('sticky')
  expect(of('rule', 'weather')).toBe('other')
})

test('the decision a line speaks of', () => {
  const list = [
    assignment('2026-11-21T10:00:00Z', 7),
    assignment('2026-11-21T11:00:00Z', 8),
    assignment('2026-11-21T12:00:00Z', 7),
  ]
  expect(decisionFor(list, 7, null)).toBe(list[2])
  expect(decisionFor(list, 7, '2026-11-21T10:00:02Z')).toBe(list[0])
  expect(decisionFor(list, 99, null)).toBe(list[2])
  expect(decisionFor([], 7, null)).toBeUndefined()
})
