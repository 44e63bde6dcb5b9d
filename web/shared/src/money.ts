/** Money as it travels on the wire: a decimal string and an ISO 4217 code. */
export interface Money {
  amount: string
  currency: string
}

const formatters = new Map<string, Intl.NumberFormat>()

interface Look {
  /** Shows a plus before what came in. */
  signed?: boolean
  /** Leaves out decimals of a round amount. */
  short?: boolean
}

function formatter(locale: string, currency: string, look: Look = {}): Intl.NumberFormat {
  const { signed = false, short = false } = look
  const key = `${locale} ${currency} ${signed} ${short}`
  let found = formatters.get(key)
  if (!found) {
    found = new Intl.NumberFormat(locale, {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      minimumFractionDigits: 2,
      maximumFractionDigits: 6,
      signDisplay: signed ? 'exceptZero' : 'auto',
      trailingZeroDisplay: short ? 'stripIfInteger' : 'auto',
    })
    formatters.set(key, found)
  }
  return found
}

/** formatMoney writes an amount by locale without losing any of its up to six decimals. */
export function formatMoney(money: Money, locale: string, look?: Look): string {
  const text = formatter(locale, money.currency, look).format(
    money.amount as Intl.StringNumericLiteral,
  )
  return text.replace(/^-/, '−')
}

/** currencySymbol is what stands beside an amount field. */
export function currencySymbol(currency: string, locale: string): string {
  const part = formatter(locale, currency)
    .formatToParts(0)
    .find((p) => p.type === 'currency')
  return part?.value ?? currency
}

const amountPattern = /^([+-]?)(\d+)(?:\.(\d{1,6}))?$/

/** micros turns a decimal string into exact micro-units, or undefined when it is no amount. */
export function micros(amount: string): bigint | undefined {
  const match = amountPattern.exec(amount)
  if (!match) return undefined
  const units = BigInt(match[2] ?? '0') * 1_000_000n + BigInt((match[3] ?? '').padEnd(6, '0'))
  return match[1] === '-' ? -units : units
}

/** parseAmount reads what a person types ("1 234,5", "1,234.50") into a wire amount, or undefined. */
export function parseAmount(typed: string): string | undefined {
  let text = typed.replace(/[\s\u00a0\u202f'’]/g, '').replace('−', '-')
  const comma = text.lastIndexOf(',')
  const point = text.lastIndexOf('.')
  if (comma >= 0 && point >= 0) {
    text = comma > point ? text.replaceAll('.', '').replace(',', '.') : text.replaceAll(',', '')
  } else {
    text = text.replace(',', '.')
  }
  return micros(text) === undefined ? undefined : text.replace(/^\+/, '')
}

/** typedAmount writes a wire amount as a person would type it: "1234,50" in Russian. */
export function typedAmount(amount: string, locale: string): string {
  return locale.startsWith('ru') ? amount.replace('.', ',') : amount
}

/** isNegative tells a debt from a balance. */
export function isNegative(amount: string): boolean {
  return (micros(amount) ?? 0n) < 0n
}

/** isZero is true for 0 in any spelling. */
export function isZero(amount: string): boolean {
  return micros(amount) === 0n
}
