import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { contrast } from './colour.ts'

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8')

function theme(name: 'light' | 'dark'): Map<string, string> {
  const block = css.split(`:root[data-theme="${name}"]`)[1]?.split('}')[0] ?? ''
  return new Map(
    [...block.matchAll(/(--p-[\w-]+): (#[0-9a-f]{6});/g)].map((m) => [m[1] ?? '', m[2] ?? '']),
  )
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
