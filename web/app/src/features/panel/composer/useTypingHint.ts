import { useCallback, useRef } from 'react'
import { useRpc } from '@/lib/realtime/realtime'

const every = 2_500

/** useTypingHint lets the contact see that an answer is being written, without a word of it. */
export function useTypingHint(dialog: string, on: boolean): (text: string) => void {
  const rpc = useRpc()
  const told = useRef(0)
  return useCallback(
    (text) => {
      if (!on || text.trim() === '' || Date.now() - told.current < every) return
      told.current = Date.now()
      rpc('typing', { dialog })
    },
    [rpc, dialog, on],
  )
}
