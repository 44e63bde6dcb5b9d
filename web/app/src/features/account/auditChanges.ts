export interface Difference {
  field: string
  before: string | undefined
  after: string | undefined
}

type Fields = Record<string, unknown>

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {}
}

function write(value: unknown): string | undefined {
  if (value === undefined) return undefined
  if (value === null || value === '') return '–'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** changes lists only the fields that differ between the two states of an entry. */
export function changes(before: unknown, after: unknown): Difference[] {
  const [old, next] = [asFields(before), asFields(after)]
  const names = new Set([...Object.keys(old), ...Object.keys(next)])
  return [...names]
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(next[field]))
    .map((field) => ({ field, before: write(old[field]), after: write(next[field]) }))
}
