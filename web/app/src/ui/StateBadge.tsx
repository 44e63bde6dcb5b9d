import type { ReactNode } from 'react'
import classes from './StateBadge.module.css'

export type Meaning = 'good' | 'warning' | 'bad' | 'info' | 'neutral'

/** StateBadge names a state; the word carries the meaning, the colour only repeats it. */
export function StateBadge({
  meaning = 'neutral',
  children,
}: {
  meaning?: Meaning
  children: ReactNode
}) {
  return (
    <span className={classes.badge} data-meaning={meaning}>
      {children}
    </span>
  )
}
