/** Each code the server writes, with the word of the text that says it. */
const keys: Record<string, string> = {
  queued: 'queued',
  assigned: 'assigned',
  taken: 'taken',
  taken_over: 'taken',
  handed_over: 'handedOver',
  handed_over_group: 'handedOverGroup',
  returned: 'returned',
  session_started: 'started',
  session_closed: 'closed',
  closed: 'closed',
  expired: 'expired',
  reopened: 'reopened',
  no_answer_needed: 'noAnswerNeeded',
  spam: 'spam',
  busy: 'busy',
  queue_position: 'position',
}

export interface SystemWords {
  key: string | undefined
  values: Record<string, string>
  comment: string
}

function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (typeof value === 'object' && value !== null && 'name' in value) return text(value.name)
  return ''
}

/** systemWords finds the text for a system line; a variant is chosen by what the server told. */
export function systemWords(code: string, args: Record<string, unknown>): SystemWords {
  const values = Object.fromEntries(Object.entries(args).map(([name, value]) => [name, text(value)]))
  const { comment = '', ...rest } = values
  let key = keys[code]
  if (key === 'closed') {
    if (!rest.operator) key = rest.result ? 'closedAloneWith' : 'closedAlone'
    else if (rest.result) key = 'closedWith'
  }
  if (key === 'handedOver' && !rest.by) key = 'assigned'
  return { key, values: rest, comment }
}

const assignments = new Set(['assigned', 'taken', 'taken_over', 'handed_over', 'returned'])

/** aboutAssignment is true where "why?" has an answer. */
export function aboutAssignment(code: string): boolean {
  return assignments.has(code)
}
