import { expect, test } from 'vitest'
import { isJumbo, segments } from './segments'

const hrefs = (text: string) => segments(text).flatMap((s) => s.href ?? [])

test.each([
  ['see https://shop.example/a?b=1.', ['https://shop.example/a?b=1']],
  ['(https://en.example/wiki/A_(b))', ['https://en.example/wiki/A_(b)']],
  ['www.shop.example, please', ['https://www.shop.example/']],
  ['пишите на info@shop.example!', ['mailto:info@shop.example']],
  ['javascript:alert(1)', []],
  ['data:text/html,<script>', []],
  ['https://', []],
  ['a/b and 1/2', []],
  ['https://a.example?mail=x@y.example', ['https://a.example/?mail=x@y.example']],
  ['https://a.example"onclick="x', ['https://a.example/']],
])('%s', (text, want) => {
  expect(hrefs(text)).toEqual(want)
})

test('nothing of the text is lost', () => {
  const text = 'Hi https://a.example/x, and b@c.example! <b>bold</b> שלום'
  expect(
    segments(text)
      .map((s) => s.text)
      .join(''),
  ).toBe(text)
  expect(segments('')).toEqual([])
})

test.each([
  ['👍', true],
  ['👨‍👩‍👧 🎉', true],
  ['👍👍👍👍', false],
  ['👍 ok', false],
  ['12', false],
  ['', false],
  ['🇷🇺', true],
])('isJumbo %s', (text, want) => {
  expect(isJumbo(text)).toBe(want)
})
