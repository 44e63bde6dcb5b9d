type Rgb = readonly [number, number, number]

const white: Rgb = [255, 255, 255]
const ink: Rgb = [20, 22, 29]
/** The surfaces nearest to the middle grey, so that what is readable there is so everywhere. */
const bubbleOnLight: Rgb = [240, 241, 244]
const bubbleOnDark: Rgb = [39, 43, 54]
const readable = 4.5

export interface Accent {
  accent: string
  /** Text on the accent. */
  onAccent: string
  /** The accent made readable as text on a light and on a dark surface. */
  onLight: string
  onDark: string
}

/** A company chooses any colour; what is written on it or with it stays readable. */
export function accentOf(wanted: string): Accent {
  const accent = parse(wanted) ?? [67, 83, 214]
  const onWhite = contrast(accent, white)
  return {
    accent: hex(accent),
    onAccent: hex(onWhite >= readable || onWhite >= contrast(accent, ink) ? white : ink),
    onLight: hex(readableOn(accent, bubbleOnLight, [0, 0, 0])),
    onDark: hex(readableOn(accent, bubbleOnDark, white)),
  }
}

function readableOn(colour: Rgb, surface: Rgb, towards: Rgb): Rgb {
  let mixed = colour
  for (let share = 0; share <= 1 && contrast(mixed, surface) < readable; share += 0.05) {
    mixed = mix(colour, towards, share)
  }
  return mixed
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  const at = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share)
  return [at(0), at(1), at(2)]
}

function parse(text: string): Rgb | null {
  const digits = /^#([0-9a-f]{6})$/i.exec(text)?.[1]
  if (!digits) {
    return null
  }
  const value = Number.parseInt(digits, 16)
  return [value >> 16, (value >> 8) & 255, value & 255]
}

function hex(colour: Rgb): string {
  return `#${colour.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}

/** WCAG contrast ratio. */
export function contrast(a: Rgb, b: Rgb): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour: Rgb): number {
  const [r, g, b] = colour.map((part) => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}
