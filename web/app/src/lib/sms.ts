/*
 * How a text becomes short messages: the same rules as the server's package channel/sms, for counting while somebody
 * types. 3GPP TS 23.038 names the alphabet, TS 23.040 the room: 140 octets in a part, less the header that joins parts.
 */
const basic = new Set(
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
    '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà',
)
/** The extension table: each takes the place of two. */
const extension = new Set('\f^{}\\[~]|€')

const room = { gsm: { alone: 160, joined: 153 }, ucs2: { alone: 70, joined: 67 } }

export interface Count {
  encoding: 'gsm' | 'ucs2'
  /** Length of each part in units of the alphabet: septets, or units of UTF-16. */
  parts: number[]
  /** Units of the whole text. */
  units: number
  /** Units that still fit in before another part begins. */
  left: number
  /** The first character that is not in the GSM alphabet; its place is counted in characters. */
  forcing?: { character: string; at: number }
}

/** countSMS cuts a text as the server does: neither an escape sequence nor a surrogate pair is divided. */
export function countSMS(text: string): Count {
  // In the GSM alphabet an escape would change the character after it, so the server sends a space.
  const characters = Array.from(text.replaceAll('\u001b', ' '))
  const at = characters.findIndex((one) => !basic.has(one) && !extension.has(one))
  const encoding = at < 0 ? 'gsm' : 'ucs2'
  const sizes = characters.map((one) =>
    encoding === 'gsm' ? (extension.has(one) ? 2 : 1) : one.length,
  )
  const parts = cut(sizes, room[encoding])
  const most = parts.length > 1 ? room[encoding].joined : room[encoding].alone
  return {
    encoding,
    parts,
    units: sizes.reduce((sum, size) => sum + size, 0),
    left: most - (parts.at(-1) ?? 0),
    forcing: at < 0 ? undefined : { character: characters[at] ?? '', at },
  }
}

function cut(sizes: number[], { alone, joined }: { alone: number; joined: number }): number[] {
  const units = sizes.reduce((sum, size) => sum + size, 0)
  if (units === 0) return []
  if (units <= alone) return [units]
  const parts = [0]
  for (const size of sizes) {
    const last = parts.length - 1
    const filled = parts[last] ?? 0
    if (filled + size > joined) parts.push(size)
    else parts[last] = filled + size
  }
  return parts
}
