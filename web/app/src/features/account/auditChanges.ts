export interface Difference {
  field: string
  before: string | undefined
  after: string
}

type Fields = Record<string, unknown>

/** What the server writes of a thing for itself and the line says anyway, or nobody can read. */
const unsaid = new Set(['id', 'version'])

function asFields(value: unknown): Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Fields)
    : {}
}

/** flatten names what lies within another thing by its path: "greeting.en". */
function flatten(fields: Fields, prefix = ''): Fields {
  const flat: Fields = {}
  for (const [name, value] of Object.entries(fields)) {
    if (prefix === '' && unsaid.has(name)) continue
    const inner = asFields(value)
    if (Object.keys(inner).length > 0) Object.assign(flat, flatten(inner, `${prefix}${name}.`))
    else flat[prefix + name] = value
  }
  return flat
}

function isNothing(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    (typeof value === 'object' && Object.keys(value).length === 0)
  )
}

function write(value: unknown): string {
  if (isNothing(value)) return '–'
  if (Array.isArray(value)) return value.map(write).join(', ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** changes lists only the fields that differ between the two states of an entry; nothing before is left out. */
export function changes(before: unknown, after: unknown): Difference[] {
  const [old, next] = [flatten(asFields(before)), flatten(asFields(after))]
  const names = new Set([...Object.keys(old), ...Object.keys(next)])
  return [...names]
    .filter((field) => !(isNothing(old[field]) && isNothing(next[field])))
    .filter((field) => JSON.stringify(old[field]) !== JSON.stringify(next[field]))
    .map((field) => ({
      field,
      before: isNothing(old[field]) ? undefined : write(old[field]),
      after: write(next[field]),
    }))
}
