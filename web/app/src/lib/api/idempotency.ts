/**
 * A person who presses Save again after a dropped connection means the same thing: the second request carries the
 * first one's key, so the server does it once. An answer, good or bad, ends the key.
 */
const unanswered = new Map<string, string>()

async function fingerprint(request: Request): Promise<string> {
  const body = request.headers.get('Content-Type')?.startsWith('application/json')
    ? await request.clone().text()
    : ''
  return `${request.method} ${request.url} ${body}`
}

/** newKey makes a UUIDv4 also where crypto.randomUUID is missing: pages served without TLS. */
export function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
}

export async function keyFor(request: Request): Promise<string> {
  const print = await fingerprint(request)
  const known = unanswered.get(print)
  if (known) return known
  const key = newKey()
  unanswered.set(print, key)
  return key
}

/** answered ends a key. The request goes by its header: its body has been sent and cannot be read again. */
export function answered(request: Request): void {
  const key = request.headers.get('Idempotency-Key')
  for (const [print, kept] of unanswered) {
    if (kept === key) unanswered.delete(print)
  }
}
