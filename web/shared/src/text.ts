/** Language is one of the two the interface is written in. */
export type Language = 'en' | 'ru'

/** Bilingual is a text kept in both languages; either may be empty. */
export interface Bilingual {
  en: string
  ru: string
}

/** inLanguage picks the wanted language and falls back to the other one. */
export function inLanguage(text: Bilingual, language: Language): string {
  return text[language] || text[language === 'en' ? 'ru' : 'en']
}

/**
 * initials are one or two letters for a picture that is missing. A name with a number, such as "Client 1042", gives
 * the number's last two digits: the letters of many such names are the same.
 */
export function initials(name: string): string {
  const number = /(?:^|\s)(?:№\s?|#)?\d*?(\d{1,2})$/u.exec(name.trim())
  if (number?.[1]) return number[1]
  const words = name.trim().split(/\s+/u).filter(Boolean)
  const letters = words.length > 1 ? [words[0], words[words.length - 1]] : [words[0]]
  return letters
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('')
    .toUpperCase()
}

/** formatBytes writes a file size: "812 KB", "3.4 MB". */
export function formatBytes(bytes: number, locale: string): string {
  const units = locale.startsWith('ru') ? ['Б', 'КБ', 'МБ', 'ГБ'] : ['B', 'KB', 'MB', 'GB']
  let value = bytes
  let step = 0
  while (value >= 1000 && step < units.length - 1) {
    value /= 1024
    step++
  }
  const digits = step > 1 && value < 10 ? 1 : 0
  return `${value.toLocaleString(locale, { maximumFractionDigits: digits })} ${units[step]}`
}
