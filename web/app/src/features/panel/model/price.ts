import { isZero, type Money } from '@parley/shared/money'
import type { Message, MessageMoney } from '@/lib/api/types'

/** isPriced is true for what can cost something: notes and system lines are free by nature. */
export function isPriced(message: Pick<Message, 'kind'>): boolean {
  return message.kind === 'text' || message.kind === 'file'
}

export const items = [
  'chat.operator_message',
  'chat.bot_message',
  'chat.contact_message',
  'chat.alice_operator_message',
  'chat.alice_bot_message',
  'chat.alice_contact_message',
] as const

/** itemKey names an item's text; one this page does not know yet is shown by its code. */
export function itemKey(item: string): string | undefined {
  const known = items.find((i) => i === item)
  return known?.replace('chat.', '')
}

/** welcomeOf reads how much of a charge the welcome credit paid: an amount, or only whether it did. */
export function welcomeOf(value: unknown, currency: string): Money | boolean {
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return isZero(value) ? false : { amount: value, currency }
  if (typeof value === 'object' && value !== null && 'amount' in value) {
    const amount = String(value.amount)
    return isZero(amount) ? false : { amount, currency }
  }
  return false
}

type WireLevel = MessageMoney['levels'][number]

/** Level is one party's price, with the list and version it comes from; without a price there is neither. */
export interface Level extends Money {
  level: WireLevel['level']
  unitPrice: string
  seller: string
  list: string
  version: string
  validFrom: string | null
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

function levelOf(wire: WireLevel & Partial<Record<string, unknown>>): Level {
  return {
    level: wire.level,
    amount: wire.amount,
    currency: wire.currency,
    unitPrice: wire.unit_price,
    seller: wire.seller,
    list: textOf(wire.price_list),
    version: textOf(wire.price_version),
    validFrom: textOf(wire.valid_from) || null,
  }
}

const order = { retail: 0, wholesale: 1 }

/** levelsOf puts what the company pays first. */
export function levelsOf(money: Pick<MessageMoney, 'levels'>): Level[] {
  return (money.levels ?? []).map(levelOf).toSorted((a, b) => order[a.level] - order[b.level])
}
