import type { Assignment } from '@/lib/api/types'

type Candidate = Assignment['reason']['candidates'][number]

export const whyNotCodes = [
  'offline',
  'paused',
  'blocked',
  'limit_is_zero',
  'full',
  'let_it_wait',
  'busier',
  'assigned_later',
  'not_the_last_operator',
  'picked_by_hand',
] as const
export type WhyNot =
  | Exclude<(typeof whyNotCodes)[number], 'limit_is_zero'>
  | 'by_hand_only'
  | 'other'

/** whyNotOf reads a reason of the server; one this page does not know yet is still a reason. */
export function whyNotOf(candidate: Candidate): WhyNot | null {
  if (candidate.chosen || !candidate.why_not) return null
  const known = whyNotCodes.find((code) => code === candidate.why_not) ?? 'other'
  return known === 'limit_is_zero' ? 'by_hand_only' : known
}

export const ways = [
  'least_loaded',
  'round_robin',
  'manual',
  'sticky',
  'taken',
  'handed',
  'returned',
] as const
export type Way = (typeof ways)[number] | 'other'

/** wayOf is how a dialog came to its operator: by hand, because of the last time, or by a rule. */
export function wayOf(assignment: Pick<Assignment, 'by' | 'reason'>): Way {
  const { by } = assignment
  if (by !== 'rule') return by
  return ways.find((way) => way === assignment.reason.rule) ?? 'other'
}

/** inOrder puts the chosen one first, then those who came near. */
export function inOrder(candidates: readonly Candidate[]): Candidate[] {
  const load = (c: Candidate) => (c.limit > 0 ? c.open / c.limit : 1)
  return candidates.toSorted(
    (a, b) =>
      Number(b.chosen) - Number(a.chosen) ||
      Number(b.online) - Number(a.online) ||
      load(a) - load(b) ||
      a.name.localeCompare(b.name),
  )
}

/** decisionFor finds the decision a line of the thread speaks of: this operator's, nearest in time. */
export function decisionFor(
  assignments: readonly Assignment[],
  operator: number | null,
  at: string | null,
): Assignment | undefined {
  const own = assignments.filter((a) => operator === null || a.operator?.id === operator)
  const pool = own.length > 0 ? own : assignments
  if (at === null) return pool.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))[0]
  const distance = (a: Assignment) => Math.abs(Date.parse(a.at) - Date.parse(at))
  return pool.toSorted((a, b) => distance(a) - distance(b))[0]
}
