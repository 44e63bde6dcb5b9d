import { expect, test } from 'vitest'
import { formatBytes, initials, inLanguage } from './text.ts'

test('initials', () => {
  expect(initials('Анна Мария Петрова')).toBe('АП')
  expect(initials('plato')).toBe('P')
  expect(initials('  ')).toBe('')
  expect(initials('Client 1042')).toBe('42')
  expect(initials('Клиент №7')).toBe('7')
  expect(initials('Plan9 Smith')).toBe('PS')
  expect(initials('😀 Smile')).toBe('😀S')
})

test('inLanguage falls back', () => {
  expect(inLanguage({ en: 'Hi', ru: '' }, 'ru')).toBe('Hi')
  expect(inLanguage({ en: 'Hi', ru: 'Привет' }, 'ru')).toBe('Привет')
})

test('formatBytes', () => {
  expect(formatBytes(812, 'en')).toBe('812 B')
  expect(formatBytes(3_565_158, 'en')).toBe('3.4 MB')
  expect(formatBytes(20 * 1024 * 1024, 'ru')).toBe('20 МБ')
})
