import type { DialogHead } from '@/lib/api/types'

/** Role is what a dialog is to the person in front of the screen. */
export type Role = 'mine' | 'queued' | 'others' | 'closed' | 'away'

export function roleOf(head: DialogHead, me: number): Role {
  if (head.state === 'closed') return 'closed'
  if (head.assignee?.id === me) return 'mine'
  if (head.assignee) return 'others'
  return 'queued'
}

const spellings: Record<string, string[]> = {
  take: ['take'],
  handOver: ['hand-over', 'hand_over'],
  close: ['close'],
  reopen: ['reopen'],
  noAnswerNeeded: ['no-answer-needed', 'no_answer_needed'],
  spam: ['spam'],
}

/** offers tells whether the server would do it; a server that lists nothing is asked by doing it. */
export function offers(actions: readonly string[] | null | undefined, name: string): boolean {
  if (!actions || actions.length === 0) return true
  return (spellings[name] ?? [name]).some((spelling) => actions.includes(spelling))
}
