import type { ReactNode } from 'react'
import classes from './Empty.module.css'

interface Props {
  /** A large, thin icon: what would be here. */
  picture: ReactNode
  title: string
  /** "h1" where nothing else is on the page. */
  heading?: 'h1' | 'h2'
  /** What this is for, or why nothing is here. */
  text?: ReactNode
  /** The first step, as a button. */
  action?: ReactNode
}

/** Empty says what a place is for and what to do first. */
export function Empty({ picture, title, heading: Heading = 'h2', text, action }: Props) {
  return (
    <div className={classes.empty}>
      <div className={classes.picture} aria-hidden>
        {picture}
      </div>
      <Heading className={classes.title}>{title}</Heading>
      {text && <p className={classes.text}>{text}</p>}
      {action && <div className={classes.action}>{action}</div>}
    </div>
  )
}
