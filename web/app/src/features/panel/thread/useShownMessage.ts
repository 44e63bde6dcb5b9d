import { useCallback, useEffect, useRef, useState } from 'react'
import { usePanelAddress } from '../data/usePanelAddress'
import type { PanelSearch } from '../model/search'
import type { Timeline } from '../model/timeline'

const flashes = 1_800

type Wanted = { message: string } | { session: string } | null

function wantedIn({ message, session }: PanelSearch): Wanted {
  if (message) return { message }
  return session ? { session } : null
}

/** findIn gives the wanted message; a session is known from its first one on, so something older must be there too. */
function findIn(timeline: Timeline, wanted: NonNullable<Wanted>): string | undefined {
  if ('message' in wanted) return timeline.messages.find((m) => m.id === wanted.message)?.id
  const at = timeline.messages.findIndex((m) => m.session_id === wanted.session)
  return at > 0 || timeline.complete ? timeline.messages[at]?.id : undefined
}

/** useShownMessage leads to one message: a quoted one, a session's first, or the one an account line speaks of. */
export function useShownMessage(
  timeline: Timeline | undefined,
  onOlder: () => void,
  loading: boolean,
) {
  const { search } = usePanelAddress()
  const { message, session } = search
  const [wanted, setWanted] = useState<Wanted>(() => wantedIn(search))
  const [flash, setFlash] = useState<string | null>(null)
  const timer = useRef(0)
  useEffect(() => setWanted(wantedIn({ message, session })), [message, session])
  useEffect(() => () => window.clearTimeout(timer.current), [])

  useEffect(() => {
    if (!wanted || !timeline || loading) return
    const found = findIn(timeline, wanted)
    if (!found && !timeline.complete) {
      onOlder()
      return
    }
    setWanted(null)
    if (!found) return
    document.getElementById(`m-${found}`)?.scrollIntoView({ block: 'center' })
    setFlash(found)
    window.clearTimeout(timer.current)
    timer.current = window.setTimeout(() => setFlash(null), flashes)
  }, [wanted, timeline, loading, onOlder])

  const show = useCallback((id: string) => setWanted({ message: id }), [])
  return { flash, show }
}
