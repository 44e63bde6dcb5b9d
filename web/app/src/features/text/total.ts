import { micros } from '@parley/shared/money'
import type { PartMoney } from '@/lib/api/types'

/** totalOf is what the company pays for all parts: what was given back costs nothing. */
export function totalOf(parts: Pick<PartMoney, 'phase' | 'levels'>[]): string {
  const sum = parts
    .filter(({ phase }) => phase === 'held' || phase === 'captured')
    .reduce((total, { levels }) => total + (micros(levels[0]?.amount ?? '0') ?? 0n), 0n)
  return `${sum / 1_000_000n}.${String(sum % 1_000_000n).padStart(6, '0')}`
}
