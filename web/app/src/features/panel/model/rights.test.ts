import { expect, test } from 'vitest'
import { head } from '../testing/samples'
import { roleOf } from './rights'

test.each([
  [{ state: 'open', assignee: { id: 7, name: 'Olga' } }, 'mine'],
  [{ state: 'open', assignee: { id: 8, name: 'Ivan' } }, 'others'],
  [{ state: 'queued', assignee: null }, 'queued'],
  [{ state: 'closed', assignee: { id: 7, name: 'Olga' } }, 'closed'],
] as const)('%j is %s', (own, role) => {
  expect(roleOf(head({ dialog_id: 'a', ...own }), 7)).toBe(role)
})
