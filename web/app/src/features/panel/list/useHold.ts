import { useEffect, useEffectEvent, useMemo, useRef, useState } from 'react'
import type { DialogHead } from '@/lib/api/types'

const lasts = 2_500

/**
 * useHold keeps the rows where they are while the pointer is about to choose one: a list that moves under the
 * hand opens the wrong dialog.
 */
export function useHold(items: readonly DialogHead[]) {
  const [order, setOrder] = useState<string[] | null>(null)
  const timer = useRef(0)
  const release = useEffectEvent(() => {
    window.clearTimeout(timer.current)
    setOrder(null)
  })
  const hold = useEffectEvent(() => {
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => setOrder(null), lasts)
    if (!order) setOrder(items.map((h) => h.dialog_id))
  })
  useEffect(() => () => window.clearTimeout(timer.current), [])
  return useMemo(() => ({ order, hold: () => hold(), release: () => release() }), [order])
}
