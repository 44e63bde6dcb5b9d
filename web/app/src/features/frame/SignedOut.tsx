import { useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { api, onSignedOut } from '@/lib/api/client'
import type { Me } from '@/lib/api/types'
import { useRealtime } from '@/lib/realtime/realtime'
import { meQuery, useSession } from '@/lib/session/session'

const SignedOutDialog = lazy(() =>
  import('./SignedOutDialog').then((module) => ({ default: module.SignedOutDialog })),
)

/**
 * SignedOut opens over the page when the server no longer knows the person, so that nothing typed is lost. Someone
 * else signing in there starts on a clean page.
 */
export function SignedOut() {
  const { user } = useSession()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)

  useEffect(
    () => onSignedOut(() => setOpen(client.getQueryData(meQuery.queryKey) !== null)),
    [client],
  )
  useRealtime('signed_out', () => {
    // The answer decides: a 401 opens the window through onSignedOut.
    void api.GET('/api/v1/me').catch(() => undefined)
  })
  const goOn = (me: Me) => {
    if (me.user.id !== user.id) {
      window.location.assign('/')
      return
    }
    setOpen(false)
    void client.invalidateQueries()
  }
  if (!open) return null
  return (
    <Suspense fallback={null}>
      <SignedOutDialog onSignedIn={goOn} />
    </Suspense>
  )
}
