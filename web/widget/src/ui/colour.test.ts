import { describe, expect, it } from 'vitest'
import { accentOf, contrast } from './colour'

type Rgb = readonly [number, number, number]

function rgb(hex: string): Rgb {
  const value = Number.parseInt(hex.slice(1), 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

describe('accentOf', () => {
  const accents = ['#4353d6', '#ffe600', '#000000', '#ffffff', '#e8590c', '#808080', '#00ff88']

  it.each(accents)('keeps everything readable with %s', (wanted) => {
    const { accent, onAccent, onLight, onDark } = accentOf(wanted)
    expect(accent).toBe(wanted)
    expect(contrast(rgb(accent), rgb(onAccent))).toBeGreaterThanOrEqual(4.5)
    expect(contrast(rgb(onLight), [240, 241, 244])).toBeGreaterThanOrEqual(4.5)
    expect(contrast(rgb(onDark), [39, 43, 54])).toBeGreaterThanOrEqual(4.5)
  })

  it.each(['', 'red', '#fff', '#12345g', 'url(x)'])(
    'takes the usual one instead of %j',
    (wanted) => {
      expect(accentOf(wanted).accent).toBe('#4353d6')
    },
  )
})
