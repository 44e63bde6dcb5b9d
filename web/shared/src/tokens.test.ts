import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

function theme(name: 'light' | 'dark'): Map<string, string> {
  const block = css.split(`:root[data-theme="${name}"]`)[1]?.split('}')[0] ?? ''
  return new Map(
    [...block.matchAll(/(--p-[\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
  )
}

function luminance(hex: string): number {
  const channel = (from: number) => {
    const c = Number.parseInt(hex.slice(from, from + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5)
}

function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const texts: [string, string][] = [
  ...[
    'text',
    'text-soft',
    'text-faint',
    'accent-text',
    'good-text',
    'warning-text',
    'bad-text',
    'info-text',
  ].flatMap((text): [string, string][] =>
    ['page', 'surface', 'raised', 'sunken', 'hover'].map((back) => [text, back]),
  ),
  ['accent-text', 'accent-tint'],
  ['accent-text', 'accent-tint-hover'],
  ['text', 'accent-tint'],
  ['text-soft', 'accent-tint'],
  ['accent-on', 'accent'],
  ['accent-on', 'accent-hover'],
  ...['good', 'warning', 'bad', 'info'].map((m): [string, string] => [`${m}-text`, `${m}-tint`]),
]

describe.each(['light', 'dark'] as const)('%s', (name) => {
  const colours = theme(name)
  test.each(texts)('%s is readable on %s', (text, back) => {
    const a = colours.get(`--p-${text}`)
    const b = colours.get(`--p-${back}`)
    if (!a || !b) throw new Error(`no such token: ${text} or ${back}`)
    expect(contrast(a, b)).toBeGreaterThanOrEqual(4.5)
  })
})

test('both themes name the same tokens', () => {
  expect([...theme('dark').keys()].sort()).toEqual([...theme('light').keys()].sort())
})
