import { formatMoney } from '@parley/shared/money'
import { formatDuration } from '@parley/shared/time'
import { localeOf } from '@/lib/i18n/i18n'
import { hasText, type TFunction, textsLanguage } from '@/lib/i18n/texts'
import { type ApiError, asApiError } from './error'

function values(error: ApiError): Record<string, string> {
  const locale = localeOf(textsLanguage())
  const written: Record<string, string> = {}
  for (const name of ['price', 'available', 'missing']) {
    const money = error.money(name)
    if (money) written[name] = formatMoney(money, locale)
  }
  if (error.retryAfter !== undefined) written.wait = formatDuration(error.retryAfter, locale)
  return written
}

/** problemText says in the person's language what went wrong; codes nobody wrote a sentence for get the general one. */
export function problemText(t: TFunction, thrown: unknown): string {
  const error = asApiError(thrown)
  const key = `errors:code.${error.code}`
  const filled = values(error)
  if (error.code === 'insufficient_funds' && !filled.missing) return t('errors:funds')
  if (error.code === 'locked' && !filled.wait) return t('errors:locked')
  if (error.code === 'rate_limited' && !filled.wait) return t('errors:slower')
  return hasText(key) ? t(key, filled) : t('errors:code.internal')
}

/** fieldTexts turns the server's field problems into what stands under each field. */
export function fieldTexts(
  t: TFunction,
  thrown: unknown,
  explain?: (field: string, code: string) => string | undefined,
): Record<string, string> {
  const { fields } = asApiError(thrown)
  return Object.fromEntries(
    Object.entries(fields).map(([name, { code, message }]) => {
      const key = `errors:field.${code}`
      return [name, explain?.(name, code) ?? (hasText(key) ? t(key) : message)]
    }),
  )
}
