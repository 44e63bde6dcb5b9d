import { expect, test } from 'vitest'
import type { QuickReply } from '@/lib/api/types'
import { findReplies, foldersOf, insertReply, slashQuery } from './quickReplies'

const reply = (title: string, folder = '', text = ''): QuickReply => ({
  id: title,
  personal: false,
  folder,
  title,
  text,
})

test.each([
  ['/', 1, ''],
  ['/del', 4, 'del'],
  ['Hello /del', 10, 'del'],
  ['Hello\n/дос', 10, 'дос'],
  ['and/or', 6, undefined],
  ['https://x', 9, undefined],
  ['/del ', 5, undefined],
  ['/delivery', 4, 'del'],
])('slashQuery %j at %d', (text, caret, want) => {
  expect(slashQuery(text, caret)).toBe(want)
})

test('inserting replaces the typed word or stands at the caret', () => {
  expect(insertReply('Hi /de there', 6, 'We deliver.')).toEqual({
    text: 'Hi We deliver. there',
    caret: 14,
  })
  expect(insertReply('Hi', 2, 'there')).toEqual({ text: 'Hi there', caret: 8 })
  expect(insertReply('', 0, 'x')).toEqual({ text: 'x', caret: 1 })
})

test('search needs every word and likes titles', () => {
  const all = [reply('Refund', '', 'delivery costs'), reply('Delivery', 'Orders'), reply('Hello')]
  expect(findReplies(all, 'deliv').map((r) => r.title)).toEqual(['Delivery', 'Refund'])
  expect(findReplies(all, 'orders delivery').map((r) => r.title)).toEqual(['Delivery'])
  expect(findReplies(all, '')).toHaveLength(3)
  expect(findReplies(all, 'zzz')).toEqual([])
})

test('folders', () => {
  const folders = foldersOf([reply('b', 'Z'), reply('c'), reply('a', 'Z')])
  expect(folders.map((f) => [f.name, f.replies.map((r) => r.title)])).toEqual([
    ['', ['c']],
    ['Z', ['a', 'b']],
  ])
})
