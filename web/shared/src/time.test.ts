import { describe, expect, test } from 'vitest'
import {
  addDays,
  formatClock,
  formatDate,
  formatDateTime,
  formatDay,
  formatDuration,
  formatMonth,
  formatRecent,
  fromLocal,
  localDay,
  localMinute,
  zoneLabel,
} from './time.ts'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const at = '2026-11-21T21:30:05Z'

test('the zone decides the day', () => {
  expect(plain(formatDate(at, 'en-GB', 'UTC'))).toBe('21 Nov 2026')
  expect(plain(formatDate(at, 'en-GB', 'Europe/Moscow'))).toBe('22 Nov 2026')
  expect(localDay(at, 'Asia/Tokyo')).toBe('2026-11-22')
  expect(localMinute(at, 'Europe/Moscow')).toBe('2026-11-22T00:30')
  expect(plain(formatDateTime(at, 'ru', 'Europe/Moscow', { seconds: true }))).toBe(
    '22 нояб. 2026, 00:30:05',
  )
  expect(plain(formatDate(at, 'ru', 'UTC'))).toBe('21 нояб. 2026')
})

test('formatMonth names a month alone', () => {
  expect(plain(formatMonth('2026-11', 'en-GB'))).toBe('November 2026')
  expect(plain(formatMonth('2026-01', 'ru-RU'))).toBe('январь 2026')
})

test('formatRecent gets coarser with age', () => {
  const now = '2026-11-21T23:00:00Z'
  expect(formatRecent(at, now, 'en-GB', 'UTC')).toBe('21:30')
  expect(formatRecent('2026-11-19T10:00:00Z', now, 'en-GB', 'UTC')).toBe('Thu')
  expect(plain(formatRecent('2026-03-02T10:00:00Z', now, 'en-GB', 'UTC'))).toBe('2 Mar')
  expect(plain(formatRecent('2025-03-02T10:00:00Z', now, 'en-GB', 'UTC'))).toBe('2 Mar 25')
  expect(formatDay(at, now, 'ru', 'UTC')).toBe('21 ноября')
})

test.each([
  [0, 'en', '0 s'],
  [42, 'ru', '42 с'],
  [125, 'en', '2 min 05 s'],
  [125, 'ru', '2 мин 05 с'],
  [11_220, 'en', '3 h 07 min'],
  [187_200, 'ru', '2 д 4 ч'],
  [-3, 'en', '0 s'],
])('formatDuration(%d, %s)', (seconds, locale, want) => {
  expect(formatDuration(seconds, locale)).toBe(want)
})

test('formatClock', () => {
  expect(formatClock(42)).toBe('00:42')
  expect(formatClock(3725)).toBe('1:02:05')
})

test('zoneLabel', () => {
  expect(zoneLabel('Europe/Moscow', at, 'en')).toBe('GMT+3')
})

describe('fromLocal', () => {
  test('plain', () => {
    expect(fromLocal('2026-11-21T14:05', 'Europe/Moscow').toISOString()).toBe(
      '2026-11-21T11:05:00.000Z',
    )
    expect(fromLocal('2026-11-21', 'UTC').toISOString()).toBe('2026-11-21T00:00:00.000Z')
  })
  test('the hour that does not exist lands after the jump', () => {
    expect(fromLocal('2026-03-29T02:30', 'Europe/Berlin').toISOString()).toBe(
      '2026-03-29T01:30:00.000Z',
    )
  })
  test('the hour that comes twice is the first one', () => {
    expect(fromLocal('2026-10-25T02:30', 'Europe/Berlin').toISOString()).toBe(
      '2026-10-25T00:30:00.000Z',
    )
  })
})

test('addDays crosses months', () => {
  expect(addDays('2026-02-28', 1)).toBe('2026-03-01')
  expect(addDays('2026-01-01', -1)).toBe('2025-12-31')
})
