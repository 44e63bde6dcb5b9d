import { describe, expect, it } from 'vitest'
import { en, type Word } from './en'
import { ru } from './ru'
import { choose, Words } from './words'

const names = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()

describe('words', () => {
  it.each(Object.keys(en) as Word[])('%s says the same in both languages', (word) => {
    expect(ru[word].trim()).not.toBe('')
    expect(names(ru[word])).toEqual(names(en[word]))
  })

  it('counts in cases', () => {
    const words = new Words('ru')
    expect([1, 2, 5, 11, 21, 104].map((n) => words.unread(n))).toEqual([
      '1 непрочитанное сообщение',
      '2 непрочитанных сообщения',
      '5 непрочитанных сообщений',
      '11 непрочитанных сообщений',
      '21 непрочитанное сообщение',
      '104 непрочитанных сообщения',
    ])
    expect(new Words('en').unread(1)).toBe('1 unread message')
    expect(new Words('en').unread(2)).toBe('2 unread messages')
  })

  it('names days', () => {
    const words = new Words('en')
    const now = new Date(2026, 10, 21, 9, 0).getTime()
    const at = (...day: [number, number, number]) => new Date(...day, 23, 30).toISOString()
    expect(words.day(at(2026, 10, 21), now)).toBe('Today')
    expect(words.day(at(2026, 10, 20), now)).toBe('Yesterday')
    expect(words.day(at(2026, 2, 5), now)).toBe('March 5')
    expect(words.day(at(2024, 2, 5), now)).toMatch(/2024/)
  })

  it('puts names in as they are', () => {
    expect(new Words('en').say('typing', { name: '$& {n}' })).toBe('$& {n} is typing')
  })
})

describe('choose', () => {
  it('takes what the site wants, then what the browser wants, then what the chat offers', () => {
    expect(choose('ru', ['en-GB'])).toBe('ru')
    expect(choose('auto', ['ru-RU', 'en'])).toBe('ru')
    expect(choose(null, ['de', 'ru'])).toBe('ru')
    expect(choose(null, ['de'])).toBe('en')
    expect(choose('en', ['en'], ['ru'])).toBe('ru')
    expect(choose('', ['fr'], ['ru', 'en'])).toBe('ru')
  })
})
