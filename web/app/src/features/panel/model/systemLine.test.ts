import { expect, test } from 'vitest'
import { aboutAssignment, systemWords } from './systemLine'

const names = {
  user: (id: number) => ({ 7: 'Olga', 8: 'Ivan' })[id],
  result: (code: string) => ({ solved: 'Solved' })[code],
}

test.each([
  ['assigned', { operator: 7, operator_name: 'Olga' }, 'assigned', { operator: 'Olga' }],
  [
    'handed_over',
    { operator: 8, operator_name: 'Ivan', user_id: 7 },
    'handedOver',
    { operator: 'Ivan', by: 'Olga' },
  ],
  [
    'handed_over',
    { user_id: 7, group: 'g', group_name: 'Delivery' },
    'handedToGroup',
    { by: 'Olga', group: 'Delivery' },
  ],
  ['returned', { operator: 8, reason: 'operator_idle' }, 'returnedFrom', { operator: 'Ivan' }],
  ['returned', { operator: 99 }, 'returned', {}],
  ['closed', { user_id: 7, result: 'solved' }, 'closedWith', { by: 'Olga', result: 'Solved' }],
  ['closed', { user_id: 7, result: 'gone' }, 'closedWith', { result: 'gone' }],
  ['closed', { user_id: 7 }, 'closed', { by: 'Olga' }],
  ['closed', {}, 'expired', {}],
  ['something_new', {}, undefined, {}],
])('%s %j', (code, args, key, values) => {
  const words = systemWords(code, args, names)
  expect(words.key).toBe(key)
  expect(words.values).toMatchObject(values)
})

test('the comment stands apart', () => {
  expect(systemWords('taken', { comment: 'urgent' }, names).comment).toBe('urgent')
})

test('where "why?" has an answer', () => {
  expect(aboutAssignment('assigned')).toBe(true)
  expect(aboutAssignment('busy')).toBe(false)
})
