import { expect, test } from 'vitest'
import { doneOf, lostOf, paceOf, rowsOf, totalsOf, unsureIn, variablesIn } from './model'

const count = (state: string, messages: number, reason = '') => ({
  step: 0,
  state,
  reason,
  messages,
})

const counts = [
  count('queued', 2),
  count('sent', 3),
  count('delivered', 10),
  count('read', 1),
  count('rejected', 2, 'unsubscribed'),
  count('expired', 0),
  count('in_doubt', 1, 'in_doubt'),
  count('cancelled', 1),
]

test('messages are counted by what people want to know', () => {
  expect(totalsOf({ counts })).toEqual({
    waiting: 2,
    sent: 3,
    delivered: 11,
    failed: 2,
    cancelled: 1,
    inDoubt: 1,
    all: 20,
  })
})

test('done is what waits no longer', () => {
  expect(doneOf({ counts, recipients: 36, state: 'running' })).toBe(0.5)
  expect(doneOf({ counts: [], recipients: null, state: 'running' })).toBe(0)
  expect(doneOf({ counts: [], recipients: 0, state: 'finished' })).toBe(1)
})

test('lost is who was taken up without a message', () => {
  expect(lostOf({ counts, accepted: 20 })).toBe(0)
  expect(lostOf({ counts, accepted: 23 })).toBe(3)
})

test('empty counts are not shown, the largest comes first', () => {
  expect(rowsOf({ counts }).map(({ state }) => state)).toEqual([
    'delivered',
    'sent',
    'queued',
    'rejected',
    'read',
    'in_doubt',
    'cancelled',
  ])
})

test('the pace is known as soon as something was done', () => {
  const started_at = '2026-11-21T10:00:00Z'
  const now = Date.parse(started_at) + 9_000
  expect(paceOf({ counts, recipients: 36, state: 'running', started_at }, now)).toEqual({
    perSecond: 2,
    secondsLeft: 9,
  })
  expect(paceOf({ counts: [], recipients: 36, state: 'running', started_at }, now)).toBeUndefined()
  expect(paceOf({ counts, recipients: 36, state: 'paused', started_at }, now)).toBeUndefined()
})

test('a variable needs a word for those who have none', () => {
  expect(unsureIn('{name|friend} of {city} and {balance|}')).toEqual(['city'])
})

test('variables are found, braces are not', () => {
  expect(variablesIn('Hello {name|friend}, {{city}} {balance } {name}')).toEqual([
    'name',
    'balance',
  ])
})
