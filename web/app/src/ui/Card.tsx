import type { ReactNode } from 'react'
import classes from './Card.module.css'

interface Props {
  title?: ReactNode
  text?: ReactNode
  actions?: ReactNode
  children?: ReactNode
  /** Leaves out the inner space, for a list inside. */
  flush?: boolean
}

/** Card is a box with a heading, one subject in it. */
export function Card({ title, text, actions, children, flush }: Props) {
  return (
    <section className={classes.card} data-flush={flush}>
      {(title || actions) && (
        <header className={classes.header}>
          <div className={classes.words}>
            {title && <h2 className={classes.title}>{title}</h2>}
            {text && <p className={classes.text}>{text}</p>}
          </div>
          {actions && <div className={classes.actions}>{actions}</div>}
        </header>
      )}
      {children && <div className={classes.body}>{children}</div>}
    </section>
  )
}

interface Fact {
  name: string
  value: ReactNode
}

/** Facts lists names and values, as at the right of a card. */
export function Facts({ facts }: { facts: Fact[] }) {
  return (
    <dl className={classes.facts}>
      {facts.map(({ name, value }) => (
        <div key={name} className={classes.fact}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  )
}
