import { expect, test } from 'vitest'
import { changes } from './auditChanges'

test('only what differs is listed, whatever its kind', () => {
  expect(changes({ name: 'a', limit: 7, same: 1 }, { name: 'b', limit: null, same: 1 })).toEqual([
    { field: 'name', before: 'a', after: 'b' },
    { field: 'limit', before: '7', after: '–' },
  ])
  expect(changes('text', undefined)).toEqual([])
})

test('what did not exist before has no before, and what stayed empty is not worth a line', () => {
  expect(
    changes({ text: '', folder: null }, { text: 'Hello', folder: '', roles: ['owner', 'analyst'] }),
  ).toEqual([
    { field: 'text', before: undefined, after: 'Hello' },
    { field: 'roles', before: undefined, after: 'owner, analyst' },
  ])
})

test('what lies within is named by its path, and a thing’s own number is left out', () => {
  expect(
    changes(
      { id: 1, look: { side: 'left', title: { en: 'A', ru: 'Б' } } },
      { id: 2, look: { side: 'left', title: { en: 'A', ru: 'В' } } },
    ),
  ).toEqual([{ field: 'look.title.ru', before: 'Б', after: 'В' }])
})
