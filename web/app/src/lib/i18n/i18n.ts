import type { Language } from '@parley/shared/text'
import { useSyncExternalStore } from 'react'
import {
  changeTexts,
  currentTexts,
  hasTexts,
  loadTexts,
  onTextsChanged,
  type TFunction,
  textsLanguage,
} from './texts'

export const languages: Language[] = ['en', 'ru']

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
  if (textsLanguage() !== language) await changeTexts(language)
  document.documentElement.lang = language
}

export async function startI18n(): Promise<void> {
  const language = preferredLanguage()
  document.documentElement.lang = language
  await changeTexts(language)
}

/**
 * useTranslation gives the texts of a namespace, beside those every page has, and waits (Suspense) until they are
 * there. Keys are written in full, t('chat:tabs.general').
 */
export function useTranslation(...namespaces: string[]): { t: TFunction } {
  const t = useSyncExternalStore(onTextsChanged, currentTexts)
  for (const namespace of namespaces) {
    // Thrown, not used: use() may not be left out when React runs the component again.
    if (!hasTexts(namespace)) throw loadTexts(namespace)
  }
  return { t }
}

/** useLanguage is the current interface language. */
export function useLanguage(): Language {
  return useSyncExternalStore(onTextsChanged, textsLanguage)
}

/** useLocale is what Intl wants: day before month in both languages. */
export function useLocale(): string {
  return localeOf(useLanguage())
}

export function localeOf(language: Language): string {
  return language === 'ru' ? 'ru-RU' : 'en-GB'
}
