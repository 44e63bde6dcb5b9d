import { expect, test } from 'vitest'
import type { Text } from '@/lib/api/types'
import { stepsOf } from './steps'
import { totalOf } from './total'

const accepted = '2026-11-21T10:00:00Z'
const base = {
  state: 'queued',
  created_at: accepted,
  due_at: accepted,
  sent_at: null,
  done_at: null,
  read_at: null,
  clicked_at: null,
} as Text

const names = (known: Partial<Text>) => stepsOf({ ...base, ...known }).map(({ name }) => name)

test.each<[Partial<Text>, string[]]>([
  [{}, ['accepted', 'queued']],
  [{ state: 'scheduled', due_at: '2026-11-22T10:00:00Z' }, ['accepted', 'scheduled']],
  [{ state: 'sending' }, ['accepted', 'sending']],
  [{ state: 'sent', sent_at: accepted }, ['accepted', 'sent']],
  [{ state: 'delivered', sent_at: accepted, done_at: accepted }, ['accepted', 'sent', 'delivered']],
  [
    { state: 'read', sent_at: accepted, done_at: accepted, read_at: accepted },
    ['accepted', 'sent', 'delivered', 'read'],
  ],
  [{ state: 'rejected', done_at: accepted }, ['accepted', 'rejected']],
  [{ state: 'in_doubt' }, ['accepted', 'in_doubt']],
])('%o has the steps %o', (known, steps) => {
  expect(names(known)).toEqual(steps)
})

test('what was given back costs nothing', () => {
  const part = (phase: 'captured' | 'released', amount: string) => ({
    phase,
    levels: [{ amount } as never],
  })
  expect(totalOf([part('captured', '5.30'), part('captured', '0.000001')])).toBe('5.300001')
  expect(totalOf([part('captured', '5.30'), part('released', '5.30')])).toBe('5.300000')
  expect(totalOf([])).toBe('0.000000')
})
