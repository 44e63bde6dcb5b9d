import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'

const near = 60
const prefetch = 500

interface Input {
  ready: boolean
  /** Changes when older messages were put in front. */
  firstSeq: number
  /** Changes with everything that is added below. */
  tail: string
  /** The newest line is one's own: sending always leads to the end. */
  ownTail: boolean
  mayLoadOlder: boolean
  onOlder: () => void
}

/**
 * useThreadScroll keeps the eye where it is: at the end while reading the newest, at the same line while older
 * messages come in above, at the mark of what is new when a thread is opened.
 */
export function useThreadScroll(scroller: RefObject<HTMLElement | null>, input: Input) {
  const [atEnd, setAtEnd] = useState(true)
  const end = useRef(true)
  const height = useRef(0)
  const seen = useRef({ firstSeq: 0, tail: '', placed: false })
  const { ready, firstSeq, tail, ownTail, mayLoadOlder, onOlder } = input

  const toEnd = useCallback(
    (smooth = false) => {
      const element = scroller.current
      element?.scrollTo({ top: element.scrollHeight, behavior: smooth ? 'smooth' : 'instant' })
    },
    [scroller],
  )

  useLayoutEffect(() => {
    const element = scroller.current
    if (!element || !ready) return
    const before = seen.current
    if (!before.placed) {
      const mark = element.querySelector<HTMLElement>('[data-new-mark]')
      if (mark && element.scrollHeight > element.clientHeight) {
        element.scrollTop = mark.offsetTop - element.clientHeight / 4
      } else {
        toEnd()
      }
    } else if (before.firstSeq !== firstSeq && before.firstSeq > 0) {
      element.scrollTop += element.scrollHeight - height.current
    } else if (before.tail !== tail && (end.current || ownTail)) {
      toEnd()
    }
    height.current = element.scrollHeight
    seen.current = { firstSeq, tail, placed: true }
  }, [scroller, ready, firstSeq, tail, ownTail, toEnd])

  useEffect(() => {
    const element = scroller.current
    if (!element || !ready) return
    const look = () => {
      const distance = element.scrollHeight - element.scrollTop - element.clientHeight
      end.current = distance < near
      setAtEnd(end.current)
      if (element.scrollTop < prefetch && mayLoadOlder) onOlder()
    }
    look()
    element.addEventListener('scroll', look, { passive: true })
    // Pictures that load and a composer that grows must not push the newest line out of sight.
    const observer = new ResizeObserver(() => {
      if (end.current) toEnd()
      height.current = element.scrollHeight
      look()
    })
    observer.observe(element)
    if (element.firstElementChild) observer.observe(element.firstElementChild)
    return () => {
      element.removeEventListener('scroll', look)
      observer.disconnect()
    }
  }, [scroller, ready, mayLoadOlder, onOlder, toEnd])

  return { atEnd, toEnd }
}
