import { expect, test } from 'vitest'
import { contrast, readableOn } from './colour.ts'

test('contrast knows the ends', () => {
  expect(contrast('#ffffff', '#000000')).toBeCloseTo(21)
  expect(contrast('#4353d6', '#4353d6')).toBe(1)
})

test.each([
  ['#4353d6', '#ffffff'],
  ['#ffe14d', '#191c26'],
  ['#ffffff', '#191c26'],
  ['#000000', '#ffffff'],
])('on %s one reads %s', (background, want) => {
  expect(readableOn(background)).toBe(want)
})

test('any colour gets a readable text', () => {
  for (let i = 0; i < 4096; i++) {
    const background = `#${[i >> 8, (i >> 4) & 15, i & 15].map((n) => (n * 17).toString(16).padStart(2, '0')).join('')}`
    expect(contrast(background, readableOn(background))).toBeGreaterThan(4)
  }
})
