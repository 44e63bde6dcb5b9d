import { asApiError } from '@/lib/api/error'
import type { TFunction } from '@/lib/i18n/texts'

const known = ['wrong', 'expired', 'used', 'invalid']

/** codeProblem says what is the matter with a typed code, and how many tries are left. */
export function codeProblem(t: TFunction, code: string, error: unknown): string | undefined {
  if (!known.includes(code)) return undefined
  const left = asApiError(error).problem.tries_left
  if (code === 'wrong' && typeof left === 'number')
    return t('account:code.wrongLeft', { count: left })
  if (code === 'expired' && left === 0) return t('account:code.noTries')
  return t(`account:code.${code}`)
}
