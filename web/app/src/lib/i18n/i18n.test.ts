import { afterEach, expect, test, vi } from 'vitest'
import { localeOf, preferredLanguage, setLanguage } from './i18n'
import { currentTexts, loadTexts } from './texts'

afterEach(async () => {
  vi.unstubAllGlobals()
  localStorage.clear()
  await setLanguage('en')
})

test('the device’s choice comes before the browser’s', () => {
  localStorage.clear()
  vi.stubGlobal('navigator', { languages: ['de', 'ru-RU', 'en'] })
  expect(preferredLanguage()).toBe('ru')
  vi.stubGlobal('navigator', { languages: ['de', 'fr'] })
  expect(preferredLanguage()).toBe('en')
  localStorage.setItem('parley.language', 'ru')
  expect(preferredLanguage()).toBe('ru')
  localStorage.setItem('parley.language', 'xx')
  expect(preferredLanguage()).toBe('en')
})

test('switching changes texts, plurals and the page’s language', async () => {
  await setLanguage('ru')
  await loadTexts('frame')
  const t = currentTexts()
  expect(document.documentElement.lang).toBe('ru')
  expect(t('ui:form.mistakes', { count: 1 })).toBe('Проверьте 1 поле.')
  expect(t('ui:form.mistakes', { count: 3 })).toBe('Проверьте 3 поля.')
  expect(t('ui:form.mistakes', { count: 11 })).toBe('Проверьте 11 полей.')
  expect(t('frame:unread', { count: 21 })).toBe('21 непрочитанное сообщение')
})

test('days come before months in both languages', () => {
  expect(localeOf('en')).toBe('en-GB')
  expect(localeOf('ru')).toBe('ru-RU')
})
