import { type RefObject, useEffect, useState } from 'react'

const spare = 8

/** useWindow is which of many rows of one height are worth drawing. */
export function useWindow(
  scroller: RefObject<HTMLElement | null>,
  count: number,
  rowHeight: number,
): { from: number; to: number } {
  const [range, setRange] = useState({ from: 0, to: 24 })
  useEffect(() => {
    const element = scroller.current
    if (!element) return
    const measure = () => {
      const from = Math.max(0, Math.floor(element.scrollTop / rowHeight) - spare)
      const height = element.clientHeight || 800
      const to = Math.ceil((element.scrollTop + height) / rowHeight) + spare
      setRange((old) => (old.from === from && old.to === to ? old : { from, to }))
    }
    measure()
    element.addEventListener('scroll', measure, { passive: true })
    const observer = new ResizeObserver(measure)
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', measure)
      observer.disconnect()
    }
  }, [scroller, rowHeight])
  return { from: Math.min(range.from, Math.max(0, count - 1)), to: Math.min(range.to, count) }
}
