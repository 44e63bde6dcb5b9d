import { Skeleton } from '@mantine/core'
import { Link, type LinkProps } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import classes from './Counter.module.css'

interface Props {
  name: string
  /** undefined while it is on its way. */
  value: ReactNode | undefined
  hint?: ReactNode
  meaning?: 'good' | 'warning' | 'bad'
  /** Opens the records behind the number. */
  link?: LinkProps
}

/** Counter is one number with its name; with a link the whole of it opens the records. */
export function Counter({ name, value, hint, meaning, link }: Props) {
  const content = (
    <>
      <span className={classes.name}>{name}</span>
      {value === undefined ? (
        <Skeleton height={20} width={56} my={6} />
      ) : (
        <span className={classes.value} data-meaning={meaning}>
          {value}
        </span>
      )}
      {hint && <span className={classes.hint}>{hint}</span>}
    </>
  )
  return link ? (
    <Link {...link} className={classes.counter}>
      {content}
    </Link>
  ) : (
    <div className={classes.counter}>{content}</div>
  )
}

/** Counters is a row of them that wraps. */
export function Counters({ label, children }: { label: string; children: ReactNode }) {
  return (
    <section aria-label={label} className={classes.row}>
      {children}
    </section>
  )
}
