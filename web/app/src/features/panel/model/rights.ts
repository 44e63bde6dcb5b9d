import type { Dialog, DialogHead } from '@/lib/api/types'

/** Role is what a dialog is to the person in front of the screen. */
export type Role = 'mine' | 'queued' | 'others' | 'closed' | 'away'

export function roleOf(head: DialogHead, me: number): Role {
  if (head.state === 'closed') return 'closed'
  if (head.assignee?.id === me) return 'mine'
  return head.assignee ? 'others' : 'queued'
}

export type ActionName = Dialog['actions'][number]

/** offers tells whether the server would do it now; buttons for anything else are not shown. */
export function offers(dialog: Pick<Dialog, 'actions'>, action: ActionName): boolean {
  return dialog.actions.includes(action)
}
