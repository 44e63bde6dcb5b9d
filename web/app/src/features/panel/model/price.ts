import type { Message, MessageMoney } from '@/lib/api/types'

/** isPriced is true for what can cost something: notes and system lines are free by nature. */
export function isPriced(message: Pick<Message, 'kind'>): boolean {
  return message.kind === 'text' || message.kind === 'file'
}

const order = { retail: 0, wholesale: 1 }

/** levelsOf puts what the company pays first. */
export function levelsOf({ levels }: Pick<MessageMoney, 'levels'>): MessageMoney['levels'] {
  return levels.toSorted((a, b) => order[a.level] - order[b.level])
}
