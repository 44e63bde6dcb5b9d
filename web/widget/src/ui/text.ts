export type Part = { text: string; href?: string }

// The part before @ is bounded, or a long text of nothing but dots would take seconds.
const address = /https?:\/\/[^\s<>"]+|www\.[^\s<>"]+|[\w.+-]{1,64}@[\w-]+(?:\.[\w-]+)+/giu

/** Splits a text at its web and mail addresses. Only http, https and mailto ever become links. */
export function parts(text: string): Part[] {
  const found: Part[] = []
  let from = 0
  for (const match of text.matchAll(address)) {
    const shown = trim(match[0])
    const href = hrefOf(shown)
    if (href) {
      found.push({ text: text.slice(from, match.index) }, { text: shown, href })
      from = match.index + shown.length
    }
  }
  found.push({ text: text.slice(from) })
  return found.filter((part) => part.text)
}

/** Punctuation after an address belongs to the sentence, a closing bracket to its opening one. */
function trim(address: string): string {
  const bare = address.replace(/[.,;:!?…'»”]+$/u, '')
  const unopened = bare.includes('(') ? bare : bare.replace(/\)+$/u, '')
  return unopened === address ? address : trim(unopened)
}

function hrefOf(shown: string): string | null {
  const full = /^https?:/i.test(shown)
    ? shown
    : /^www\./i.test(shown)
      ? `https://${shown}`
      : `mailto:${shown}`
  try {
    return new URL(full).href
  } catch {
    return null
  }
}

const picture =
  /^(?:\p{RI}|\p{Emoji_Presentation}|\p{Extended_Pictographic}|[\u200d\ufe0f\u{1f3fb}-\u{1f3ff}])+$/u

/** Up to three emoji and nothing else are shown large. */
export function isPicture(text: string): boolean {
  return text.length <= 30 && picture.test(text) && graphemes(text) <= 3
}

function graphemes(text: string): number {
  return [...text.replace(/\u200d./gu, '').replace(/[\ufe0f\u{1f3fb}-\u{1f3ff}]/gu, '')].length
}

/** The server counts characters, not UTF-16 units. */
export function runes(text: string): number {
  return [...text].length
}
