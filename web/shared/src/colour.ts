const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i

function luminance(colour: string): number {
  const parts = hex.exec(colour)
  if (!parts) return 0
  const [red, green, blue] = parts.slice(1).map((part) => {
    const value = Number.parseInt(part, 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

/** contrast is the WCAG ratio of two #rrggbb colours, 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** readableOn picks white text where it is readable on a background a person has chosen, else near-black. */
export function readableOn(background: string): '#ffffff' | '#191c26' {
  const white = contrast(background, '#ffffff')
  return white >= 4.5 || white >= contrast(background, '#191c26') ? '#ffffff' : '#191c26'
}
