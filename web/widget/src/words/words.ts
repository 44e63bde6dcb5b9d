import { formatBytes } from '@parley/shared/text'
import { addDays, formatDay, formatTime, localDay } from '@parley/shared/time'
import type { Language } from '../protocol/wire'
import type { Word } from './en'
import { en } from './en'
import { ru } from './ru'

const languages: Record<Language, Record<Word, string>> = { en, ru }

export type Values = Record<string, string | number>

export class Words {
  private readonly plural: Intl.PluralRules

  constructor(readonly language: Language) {
    this.plural = new Intl.PluralRules(language)
  }

  say(word: Word, values: Values = {}): string {
    return languages[this.language][word].replace(/\{(\w+)\}/g, (_, name) => String(values[name]))
  }

  unread(n: number): string {
    const form = this.plural.select(n)
    const word = form === 'one' ? 'unreadOne' : form === 'few' ? 'unreadFew' : 'unreadMany'
    return this.say(word, { n })
  }

  time(at: string): string {
    return formatTime(at, this.language)
  }

  day(at: string, now: number): string {
    const day = localDay(at)
    if (day === localDay(now)) {
      return this.say('today')
    }
    return day === addDays(localDay(now), -1)
      ? this.say('yesterday')
      : formatDay(at, now, this.language)
  }

  size(bytes: number): string {
    return formatBytes(bytes, this.language)
  }
}

/**
 * The language to speak: the one the site asked for, else the browser's, as far as the chat
 * offers it.
 */
export function choose(
  wanted: string | null,
  preferred: readonly string[],
  offered: readonly Language[] = ['en', 'ru'],
): Language {
  const candidates = [wanted ?? '', ...preferred].map((tag) => tag.slice(0, 2).toLowerCase())
  const found = candidates.find((tag) => offered.some((language) => language === tag))
  return (found as Language | undefined) ?? offered[0] ?? 'en'
}
