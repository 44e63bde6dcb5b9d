import type { Language } from '@parley/shared/text'
import i18next, { type BackendModule } from 'i18next'
import { initReactI18next, useTranslation } from 'react-i18next'

export const languages: Language[] = ['en', 'ru']

const files = import.meta.glob<{ default: Record<string, unknown> }>('../../locales/*/*.json')

/** One JSON per feature and language, fetched when a page first asks for it. */
const backend: BackendModule = {
  type: 'backend',
  init: () => undefined,
  read: (language, namespace, done) => {
    const load = files[`../../locales/${language}/${namespace}.json`]
    if (!load) {
      done(new Error(`no texts for ${language}/${namespace}`), false)
      return
    }
    load().then(
      (module) => done(null, module.default),
      (error: Error) => done(error, false),
    )
  },
}

const storageKey = 'parley.language'

function isLanguage(value: unknown): value is Language {
  return value === 'en' || value === 'ru'
}

/** preferredLanguage is the last one chosen on this device, else the browser's. */
export function preferredLanguage(): Language {
  const kept = localStorage.getItem(storageKey)
  if (isLanguage(kept)) return kept
  return navigator.languages.some((l) => l.startsWith('ru')) ? 'ru' : 'en'
}

/** setLanguage switches the whole interface and remembers it on this device. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(storageKey, language)
  if (i18next.language !== language) await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

export async function startI18n(): Promise<void> {
  const language = preferredLanguage()
  document.documentElement.lang = language
  await i18next
    .use(backend)
    .use(initReactI18next)
    .init({
      lng: language,
      fallbackLng: false,
      supportedLngs: languages,
      ns: ['common', 'errors', 'ui'],
      defaultNS: false,
      interpolation: { escapeValue: false },
      returnNull: false,
      react: { useSuspense: true },
    })
}

/** useLanguage is the current interface language. */
export function useLanguage(): Language {
  const { i18n } = useTranslation()
  return isLanguage(i18n.language) ? i18n.language : 'en'
}

/** useLocale is what Intl wants: day before month in both languages. */
export function useLocale(): string {
  return localeOf(useLanguage())
}

export function localeOf(language: Language): string {
  return language === 'ru' ? 'ru-RU' : 'en-GB'
}
