import { initials } from '@parley/shared/text'
import classes from './Avatar.module.css'

interface Props {
  name: string
  size?: number
  /** What the colour follows; without it the name, and the colour changes with that. */
  id?: string | number
  /** A dot at the corner; the caller names the state in words nearby. */
  state?: 'online' | 'pause' | 'offline'
}

function tone(seed: string): number {
  let sum = 0
  for (const letter of seed) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997
  return (sum % 6) + 1
}

/** Avatar shows initials; it is decoration, so the name stands beside it. */
export function Avatar({ name, size = 28, id, state }: Props) {
  return (
    <span
      className={classes.avatar}
      data-tone={tone(String(id ?? name))}
      style={{ width: size, height: size, fontSize: Math.round(size * 0.4) }}
      aria-hidden
    >
      {initials(name)}
      {state && <span className={classes.dot} data-state={state} />}
    </span>
  )
}
