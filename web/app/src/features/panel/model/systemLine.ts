/** What a system line says: the word of its text, its values, and what a person added. */
export interface SystemWords {
  key: string | undefined
  values: Record<string, string>
  comment: string
}

/** Names knows what the server tells by number or code only. */
export interface Names {
  user: (id: number) => string | undefined
  result: (code: string) => string | undefined
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  return typeof value === 'number' ? String(value) : ''
}

function person(args: Record<string, unknown>, id: string, name: string, names: Names): string {
  const told = textOf(args[name])
  const number = Number(args[id])
  return told || (Number.isSafeInteger(number) ? (names.user(number) ?? '') : '')
}

/** Each code of the server with the word of its text; a variant depends on what was told with it. */
const variants: Record<string, (values: Record<string, string>) => string> = {
  assigned: () => 'assigned',
  taken: () => 'taken',
  handed_over: ({ by, operator, group }) => {
    if (group) return by ? 'handedToGroup' : 'toGroup'
    return by && operator ? 'handedOver' : 'assigned'
  },
  returned: ({ operator }) => (operator ? 'returnedFrom' : 'returned'),
  closed: ({ by, result }) => {
    if (!by) return 'expired'
    return result ? 'closedWith' : 'closed'
  },
  reopened: () => 'reopened',
  no_answer_needed: () => 'noAnswerNeeded',
  spam: () => 'spam',
  busy: () => 'busy',
}

/** systemWords finds the text for a system line; a code this page does not know has none. */
export function systemWords(
  code: string,
  args: Record<string, unknown>,
  names: Names,
): SystemWords {
  const result = textOf(args.result)
  const values = {
    operator: person(args, 'operator', 'operator_name', names),
    by: person(args, 'user_id', 'user_name', names),
    group: textOf(args.group_name),
    result: result && (names.result(result) ?? result),
  }
  return { key: variants[code]?.(values), values, comment: textOf(args.comment) }
}

const assignments = new Set(['assigned', 'taken', 'handed_over', 'returned', 'reopened'])

/** aboutAssignment is true where "why?" has an answer. */
export function aboutAssignment(code: string): boolean {
  return assignments.has(code)
}
