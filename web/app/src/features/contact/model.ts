import type { ContactColumn } from '@/lib/api/types'

/** addressesIn reads what was typed or pasted: one address a line, or with commas and semicolons between. */
export function addressesIn(text: string): string[] {
  return text
    .split(/[\n,;]+/)
    .map((part) => part.trim())
    .filter(Boolean)
}

/** nameOfFile is what a list made of a file is called at first. */
export function nameOfFile(file: string): string {
  return file.replace(/\.(csv|xlsx|txt)$/i, '').slice(0, 100)
}

const onlyOnce = ['phone', 'email', 'name', 'client_id']

/** withColumn says what a column is; what only one column may be is taken from the others. */
export function withColumn(
  mapping: ContactColumn[],
  index: number,
  next: ContactColumn,
): ContactColumn[] {
  return mapping.map((column, i) => {
    if (i === index) return next
    const taken = onlyOnce.includes(next.to) && column.to === next.to
    return taken ? { to: 'skip', name: '' } : column
  })
}

/** hasAddress says that contacts can be told apart and reached by the mapping. */
export function hasAddress(mapping: ContactColumn[]): boolean {
  return mapping.some(({ to }) => to === 'phone' || to === 'email' || to === 'client_id')
}
