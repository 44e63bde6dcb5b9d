import { describe, expect, it } from 'vitest'
import { isPicture, parts, runes } from './text'

const links = (text: string) => parts(text).filter((part) => part.href)

describe('parts', () => {
  it('keeps every character of the text', () => {
    const text = 'See https://a.example/x?y=1, www.b.example (or c@d.example).'
    expect(
      parts(text)
        .map((part) => part.text)
        .join(''),
    ).toBe(text)
  })

  it.each([
    ['see https://a.example/x.', 'https://a.example/x', 'https://a.example/x'],
    ['(https://a.example/x)', 'https://a.example/x', 'https://a.example/x'],
    ['https://a.example/x_(y)', 'https://a.example/x_(y)', 'https://a.example/x_(y)'],
    ['«https://a.example»', 'https://a.example', 'https://a.example/'],
    ['www.b.example', 'www.b.example', 'https://www.b.example/'],
    ['mail c.d@e.example!', 'c.d@e.example', 'mailto:c.d@e.example'],
    [
      'https://пример.рф/путь',
      'https://пример.рф/путь',
      'https://xn--e1afmkfd.xn--p1ai/%D0%BF%D1%83%D1%82%D1%8C',
    ],
  ])('%s', (text, shown, href) => {
    expect(links(text)).toEqual([{ text: shown, href }])
  })

  it.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    '<a href="x">y</a>',
    'https://',
    'no links here. At all',
  ])('leaves %s alone', (text) => {
    expect(links(text)).toEqual([])
  })

  it('cannot be made to run long', () => {
    const started = performance.now()
    parts(`${'a.'.repeat(20_000)}@${'b-'.repeat(20_000)}`)
    parts(`https://${')'.repeat(4_000)}`)
    expect(performance.now() - started).toBeLessThan(1_000)
  })
})

describe('isPicture', () => {
  it.each(['👍', '❤️', '👨‍👩‍👧', '🇷🇺', '👍🏽👍🏽', '🥐🍞☕'])('shows %s large', (text) => {
    expect(isPicture(text)).toBe(true)
  })

  it.each(['', 'ok 👍', '👍👍👍👍👍👍👍👍', '1', '#', 'a'])('shows %j as text', (text) => {
    expect(isPicture(text)).toBe(false)
  })
})

it('counts characters, not UTF-16 units', () => {
  expect(runes('a👍б')).toBe(3)
})
