import { createContext, type ReactNode, use } from 'react'
import { createPortal } from 'react-dom'

/** HeaderPlace is the element of the frame's bar that a page may fill. */
export const HeaderPlace = createContext<HTMLElement | null>(null)

/** HeaderSlot puts a page's own state and counters into the bar, as the operator panel does. */
export function HeaderSlot({ children }: { children: ReactNode }) {
  const place = use(HeaderPlace)
  return place ? createPortal(children, place) : null
}
