import { IconAlertTriangle, IconInfoCircle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import classes from './Note.module.css'

interface Props {
  meaning?: 'info' | 'warning' | 'bad'
  children: ReactNode
  action?: ReactNode
}

/** Note is a strip that must be seen before the rest of the page. */
export function Note({ meaning = 'info', children, action }: Props) {
  const Icon = meaning === 'info' ? IconInfoCircle : IconAlertTriangle
  return (
    <div
      className={classes.note}
      data-meaning={meaning}
      role={meaning === 'bad' ? 'alert' : undefined}
    >
      <Icon size={18} aria-hidden />
      <div className={classes.text}>{children}</div>
      {action}
    </div>
  )
}
