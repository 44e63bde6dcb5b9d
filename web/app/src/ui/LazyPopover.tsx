import { type ReactElement, type ReactNode, useEffect, useState } from 'react'

interface Props {
  /** The button; it toggles. */
  target: (toggle: () => void, open: boolean) => ReactElement
  children: (close: () => void) => ReactNode
  width?: number
  /** Lets something far from the button open it too: called with what opens, it returns how to stop listening. */
  onAsked?: (open: () => void) => () => void
}

type Loaded = typeof import('./Floating').Floating

/**
 * LazyPopover opens something under a button. What floats is not needed for the first paint, so its code comes when
 * the page has settled, or at once when someone is faster than that.
 */
export function LazyPopover({ target, children, width = 300, onAsked }: Props) {
  const [open, setOpen] = useState(false)
  const [Floating, setFloating] = useState<Loaded | null>(null)

  useEffect(() => {
    const load = () =>
      void import('./Floating').then((module) => setFloating(() => module.Floating))
    if (open) {
      load()
      return
    }
    const timer = setTimeout(load, 1_500)
    return () => clearTimeout(timer)
  }, [open])

  useEffect(() => onAsked?.(() => setOpen(true)), [onAsked])

  const button = target(() => setOpen(!open), open)
  if (!Floating) return button
  return (
    <Floating open={open} onChange={setOpen} target={button} width={width}>
      {children(() => setOpen(false))}
    </Floating>
  )
}
