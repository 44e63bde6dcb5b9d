/** Way is a route's address in parts; "further" are its parameters, kept as they are. */
export interface Way {
  scheme: string
  host: string
  port: string
  user: string
  password: string
  further: string
}

export const ports: Record<string, string> = {
  smtp: '587',
  smtps: '465',
  'smtp+plain': '25',
  smpp: '2775',
  smpps: '3550',
}

const form = /^([a-z+]+):\/\/(?:([^@/?#]*)@)?(\[[^\]]*\]|[^:/?#]*)(?::(\d*))?\/?(\?.*)?$/

/** readAddress takes an address apart that came without its password; an empty one is a new route. */
export function readAddress(address: string, scheme: string): Way {
  const parts = form.exec(address)
  if (!parts)
    return { scheme, host: '', port: ports[scheme] ?? '', user: '', password: '', further: '' }
  const [, found = scheme, user = '', host = '', port = '', further = ''] = parts
  return {
    scheme: found,
    host,
    port: port || (ports[found] ?? ''),
    user: decodeURIComponent(user),
    password: '',
    further,
  }
}

/** writeAddress puts an address together, with its password. */
export function writeAddress({ scheme, host, port, user, password, further }: Way): string {
  const who = user ? `${encodeURIComponent(user)}:${encodeURIComponent(password)}@` : ''
  const at = port.trim() ? `:${port.trim()}` : ''
  return `${scheme}://${who}${host.trim()}${at}${further}`
}

/** addressToSend leaves the address out when nothing of it was changed: then the stored password stays. */
export function addressToSend(was: Way, is: Way): string | undefined {
  const same = (['scheme', 'host', 'port', 'user', 'further'] as const).every(
    (part) => was[part] === is[part].trim(),
  )
  return same && is.password === '' ? undefined : writeAddress(is)
}

/** needsPassword: nobody is shown the stored one, so another address has to be given its own. */
export function needsPassword(was: Way, is: Way): boolean {
  return is.user !== '' && is.password === '' && addressToSend(was, is) !== undefined
}
