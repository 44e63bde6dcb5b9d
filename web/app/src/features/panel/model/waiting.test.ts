import { expect, test } from 'vitest'
import { targetOf, waitingOf } from './waiting'

const now = Date.parse('2026-11-21T10:01:00Z')

test.each([
  ['nobody waits', null, 60, null],
  ['no target', '2026-11-21T10:00:00Z', null, { seconds: 60, left: null, urgency: 'none' }],
  ['plenty of time', '2026-11-21T10:00:50Z', 60, { seconds: 10, left: 50, urgency: 'calm' }],
  ['the last third', '2026-11-21T10:00:15Z', 60, { seconds: 45, left: 15, urgency: 'soon' }],
  ['on the second', '2026-11-21T10:00:00Z', 60, { seconds: 60, left: 0, urgency: 'soon' }],
  ['late', '2026-11-21T09:58:00Z', 60, { seconds: 180, left: -120, urgency: 'late' }],
  [
    'a clock that runs ahead',
    '2026-11-21T10:02:00Z',
    60,
    { seconds: 0, left: 60, urgency: 'calm' },
  ],
] as const)('%s', (_, since, target, want) => {
  expect(waitingOf(since, target, now)).toEqual(want)
})

test('the group counts before the chat, the first answer has its own target', () => {
  const chat = { first_target_s: 60, next_target_s: 180 }
  const group = { first_target_s: 30, next_target_s: null }
  expect(targetOf(false, group, chat)).toBe(30)
  expect(targetOf(true, group, chat)).toBe(180)
  expect(targetOf(true, undefined, null)).toBeNull()
})
