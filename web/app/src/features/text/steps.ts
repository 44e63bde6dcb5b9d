import type { Text, TextState } from '@/lib/api/types'

export interface Step {
  name: 'accepted' | TextState
  /** Absent where only the fact is known. */
  at?: string
  state?: TextState
}

/** stepsOf puts what is known of a message in order; the last step is where it stands. */
export function stepsOf(text: Text): Step[] {
  const steps: Step[] = [{ name: 'accepted', at: text.created_at }]
  const { state } = text
  if (text.due_at !== text.created_at && (state === 'scheduled' || state === 'queued')) {
    steps.push({ name: 'scheduled', at: text.due_at, state: 'scheduled' })
    return steps
  }
  if (text.sent_at) steps.push({ name: 'sent', at: text.sent_at, state: 'sent' })
  if (state === 'queued' || state === 'sending') steps.push({ name: state, state })
  if (text.done_at) {
    const ended = state === 'read' || state === 'clicked' ? 'delivered' : state
    if (ended !== 'sent') steps.push({ name: ended, at: text.done_at, state: ended })
  } else if (!text.sent_at && state !== 'queued' && state !== 'sending') {
    steps.push({ name: state, state })
  }
  if (text.read_at) steps.push({ name: 'read', at: text.read_at, state: 'read' })
  if (text.clicked_at) steps.push({ name: 'clicked', at: text.clicked_at, state: 'clicked' })
  return steps
}
