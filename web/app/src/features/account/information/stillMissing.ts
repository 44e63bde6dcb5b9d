import type { Information } from '@/lib/api/types'
import { partsOf, partyOf } from '@/lib/company/parties'

type Typed = Pick<Information, 'requisites'>

/**
 * stillMissing follows what is being typed: the server's list without what is filled in meanwhile, and with what the
 * chosen kind of party asks for besides. After each save the server's word counts again.
 */
export function stillMissing(missing: string[], typed: Typed): string[] {
  const { requisites } = typed
  const party = partyOf(requisites)
  const parts = party ? Object.values(partsOf(party, requisites.country)).flat() : []
  const asked = parts.filter(({ required }) => required).map(({ path }) => `requisites.${path}`)
  const shown = new Set(parts.map(({ path }) => `requisites.${path}`))
  const paths = new Set([...missing.filter(isPart(party !== undefined, shown)), ...asked])
  return [...paths].filter((path) => !filledIn(typed, path))
}

/** A field that the chosen party does not have cannot be missing. */
function isPart(known: boolean, shown: Set<string>) {
  const always = /^requisites\.(country|kind|legal_address\..+|postal_address\..+)$/
  return (path: string) =>
    !known || !path.startsWith('requisites.') || always.test(path) || shown.has(path)
}

function filledIn(typed: Typed, path: string): boolean {
  if (path.startsWith('requisites.postal_address.') && typed.requisites.postal_same) return true
  const value = path
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown>)[name], typed)
  return value !== ''
}
