/** Segment is a piece of a message's text: words, or an address that may be followed. */
export type Segment = { text: string; href?: string }

const address = /\b(?:https?:\/\/|www\.)[^\s<>"'`]+/giu
const mail = /[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+/giu
const trailing = /[.,:;!?…»”’]+$/u

/** A closing bracket belongs to the address only when it was opened inside it. */
function trimmed(found: string): string {
  let text = found
  for (;;) {
    const shorter = text.replace(trailing, '')
    const open = (shorter.match(/\(/g) ?? []).length
    const close = (shorter.match(/\)/g) ?? []).length
    const next = shorter.endsWith(')') && close > open ? shorter.slice(0, -1) : shorter
    if (next === text) return text
    text = next
  }
}

function hrefOf(text: string): string | undefined {
  if (!URL.canParse(text.startsWith('www.') ? `https://${text}` : text)) return undefined
  const url = new URL(text.startsWith('www.') ? `https://${text}` : text)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined
}

interface Found {
  at: number
  text: string
  href: string
}

function addresses(text: string): Found[] {
  const found: Found[] = []
  for (const match of text.matchAll(address)) {
    const clean = trimmed(match[0])
    const href = hrefOf(clean)
    if (href) found.push({ at: match.index, text: clean, href })
  }
  for (const match of text.matchAll(mail)) {
    const inside = found.some((f) => match.index >= f.at && match.index < f.at + f.text.length)
    const clean = match[0].replace(trailing, '')
    if (!inside) found.push({ at: match.index, text: clean, href: `mailto:${clean}` })
  }
  return found.sort((a, b) => a.at - b.at)
}

/** segments splits a text at its web and mail addresses; only http, https and mailto ever become links. */
export function segments(text: string): Segment[] {
  const parts: Segment[] = []
  let from = 0
  for (const { at, text: shown, href } of addresses(text)) {
    if (at < from) continue
    if (at > from) parts.push({ text: text.slice(from, at) })
    parts.push({ text: shown, href })
    from = at + shown.length
  }
  if (from < text.length) parts.push({ text: text.slice(from) })
  return parts
}

const picture =
  /^(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\u200d|\ufe0f|[\u{1f1e6}-\u{1f1ff}]|\s)+$/u

/** isJumbo is true for one to three emoji and nothing else, which are drawn large. */
export function isJumbo(text: string): boolean {
  const trimmedText = text.trim()
  if (trimmedText === '' || trimmedText.length > 40 || !picture.test(trimmedText)) return false
  const letters = [...new Intl.Segmenter().segment(trimmedText)]
  return letters.filter((l) => l.segment.trim() !== '').length <= 3
}
