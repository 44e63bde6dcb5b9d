import { expect, test } from 'vitest'
import { instants, presetPeriod } from './period'

test.each([
  ['today', '2026-03-01T00:00', '2026-03-02T00:00'],
  ['yesterday', '2026-02-28T00:00', '2026-03-01T00:00'],
  ['week', '2026-02-23T00:00', '2026-03-02T00:00'],
  ['month', '2026-01-31T00:00', '2026-03-02T00:00'],
  ['thisMonth', '2026-03-01T00:00', '2026-03-02T00:00'],
  ['lastMonth', '2026-02-01T00:00', '2026-03-01T00:00'],
] as const)('%s on the first of March', (preset, from, to) => {
  expect(presetPeriod(preset, '2026-03-01')).toEqual({ from, to })
})

test('the company’s zone decides the instants', () => {
  expect(instants({ from: '2026-11-01T00:00', to: '2026-11-21T12:30' }, 'Europe/Moscow')).toEqual({
    from: '2026-10-31T21:00:00.000Z',
    to: '2026-11-21T09:30:00.000Z',
  })
  expect(instants({}, 'Europe/Moscow')).toEqual({ from: undefined, to: undefined })
})
