import { expect, test } from 'vitest'
import { fitBox, isPicture, limits, roomLeft, runes, sortFiles } from './files'

test('sortFiles', () => {
  const file = (size: number) => ({ size })
  const sorted = sortFiles(8, [file(1), file(0), file(limits.fileBytes + 1), file(2), file(3)])
  expect(sorted.accepted.map((f) => f.size)).toEqual([1, 2])
  expect(sorted.refused.map((r) => r.problem)).toEqual(['empty', 'too_large', 'too_many'])
})

test('an emoji is one character', () => {
  expect(runes('👍')).toBe(1)
  expect(roomLeft('short')).toBeUndefined()
  expect(roomLeft('a'.repeat(4000))).toBe(96)
  expect(roomLeft('👍'.repeat(4100))).toBe(-4)
  expect(roomLeft('👍'.repeat(2100))).toBeUndefined()
})

test('only plain pictures are drawn', () => {
  expect(isPicture('image/png')).toBe(true)
  expect(isPicture('image/svg+xml')).toBe(false)
  expect(isPicture('text/html')).toBe(false)
})

test('fitBox', () => {
  const box = { width: 320, height: 320 }
  expect(fitBox(640, 320, box)).toEqual({ width: 320, height: 160 })
  expect(fitBox(100, 2000, box)).toEqual({ width: 48, height: 320 })
  expect(fitBox(null, null, box)).toEqual({ width: 320, height: 211 })
})
