/** Urgency decides how loud a waiting time is. */
export type Urgency = 'none' | 'calm' | 'soon' | 'late'

export interface Waiting {
  seconds: number
  /** Seconds until the answer is due, negative when it is late; null when nobody set a target. */
  left: number | null
  urgency: Urgency
}

/** waitingOf says how long a contact waits and how near the target is; null when nobody waits. */
export function waitingOf(
  since: string | null,
  target: number | null,
  now: number,
): Waiting | null {
  if (since === null) return null
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000))
  if (target === null) return { seconds, left: null, urgency: 'none' }
  const left = target - seconds
  return { seconds, left, urgency: left < 0 ? 'late' : left < target / 3 ? 'soon' : 'calm' }
}

interface Targets {
  first_target_s: number | null
  next_target_s: number | null
}

/** targetOf picks the seconds that count now: the group's before the chat's, the first answer's before the next. */
export function targetOf(
  answered: boolean,
  ...sources: (Targets | null | undefined)[]
): number | null {
  for (const source of sources) {
    const seconds = answered ? source?.next_target_s : source?.first_target_s
    if (seconds) return seconds
  }
  return null
}
