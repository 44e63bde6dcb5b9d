import { countryName } from '@parley/shared/countries'
import { micros, parseAmount } from '@parley/shared/money'
import type { LineError, Price, PricedItem } from '@/lib/api/types'

/** Every item that can be sold, in the order in which people see them. */
export const items = [
  'chat.operator_message',
  'chat.bot_message',
  'chat.contact_message',
  'chat.alice_operator_message',
  'chat.alice_bot_message',
  'chat.alice_contact_message',
  'sms.sent_part',
  'sms.delivered_part',
  'viber.sent_message',
  'viber.delivered_message',
  'whatsapp.sent_message',
  'whatsapp.delivered_message',
  'email.sent_message',
  'email.delivered_message',
  'push.sent_message',
  'push.delivered_message',
  'call.outgoing_minute',
  'call.outgoing_second',
  'call.incoming_minute',
  'call.incoming_second',
  'recording.stored_megabyte',
  'fee.user',
  'fee.connection',
  'fee.number',
]

/** Row is a price as it is being edited; numbers are texts until they are sent. */
export interface Row {
  key: number
  item: string
  country: string
  network: string
  category: string
  from: string
  free: string
  price: string
  cost?: string
  /** Lengths of a call's price, which come from a file and stay as they are. */
  lengths: Pick<Price, 'minimum_seconds' | 'free_seconds'>
}

let last = 0

export function rowOf(x: PricedItem): Row {
  last += 1
  return {
    key: last,
    item: x.item,
    country: x.country ?? '',
    network: x.network ?? '',
    category: x.category ?? '',
    from: x.from_quantity ? String(x.from_quantity) : '',
    free: x.free_quantity ? String(x.free_quantity) : '',
    price: x.unit_price,
    cost: x.cost,
    lengths: { minimum_seconds: x.minimum_seconds, free_seconds: x.free_seconds },
  }
}

export function newRow(item: string): Row {
  return rowOf({ item, unit_price: '' })
}

/** priceOf reads a row; undefined when something in it is no number. */
export function priceOf(row: Row): Price | undefined {
  const unit = parseAmount(row.price)
  const whole = (typed: string) => (/^\d{0,12}$/.test(typed.trim()) ? Number(typed) : undefined)
  const from = whole(row.from)
  const free = whole(row.free)
  if (unit === undefined || unit.startsWith('-') || from === undefined || free === undefined) return
  return {
    item: row.item,
    country: row.country.trim().toUpperCase() || undefined,
    network: row.network.trim() || undefined,
    category: row.category.trim() || undefined,
    from_quantity: from || undefined,
    free_quantity: free || undefined,
    unit_price: unit,
    ...(row.item.startsWith('call.') ? row.lengths : {}),
  }
}

/** marginOf is what stays with the seller of one unit, in millionths. */
export function marginOf(row: { price: string; cost?: string }): bigint | undefined {
  const price = micros(parseAmount(row.price) ?? '')
  const cost = micros(row.cost ?? '')
  return price === undefined || cost === undefined ? undefined : price - cost
}

/** amountOf writes millionths as the API does. */
export function amountOf(n: bigint): string {
  const whole = (n < 0n ? -n : n).toString().padStart(7, '0')
  return `${n < 0n ? '-' : ''}${whole.slice(0, -6)}.${whole.slice(-6)}`
}

/** placeOf says in words where a price holds; empty: everywhere. */
export function placeOf(
  x: Pick<Price, 'country' | 'network' | 'category'>,
  locale: string,
): string {
  return [x.country ? nameOf(x.country, locale) : '', x.network ?? '', x.category ?? '']
    .filter(Boolean)
    .join(' · ')
}

function nameOf(code: string, locale: string): string {
  return /^[A-Z]{2}$/.test(code) ? countryName(code, locale) : code
}

/** matches tells whether a row is looked for by item, country or carrier. */
export function matches(
  row: Row,
  item: string,
  text: string,
  named: string,
  locale: string,
): boolean {
  if (item !== '' && row.item !== item) return false
  const words = `${row.item} ${named} ${placeOf(row, locale)} ${row.country}`.toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((word) => words.includes(word))
}

/** problemRow is the number of the row that a refused field such as "items[3].unit_price" is about. */
export function problemRow(field: string): number | undefined {
  const found = /^items\[(\d+)\]/.exec(field)
  return found ? Number(found[1]) : undefined
}

export type { LineError }
