import { expect, test } from 'vitest'
import { changes } from './auditChanges'

test('only what differs is listed, whatever its kind', () => {
  expect(changes({ name: 'a', limit: null, same: 1 }, { name: 'b', limit: 5, same: 1 })).toEqual([
    { field: 'name', before: 'a', after: 'b' },
    { field: 'limit', before: '–', after: '5' },
  ])
  expect(changes(null, { name: 'x', roles: ['owner'] })).toEqual([
    { field: 'name', before: undefined, after: 'x' },
    { field: 'roles', before: undefined, after: '["owner"]' },
  ])
  expect(changes('text', undefined)).toEqual([])
})
