import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { meQuery } from '@/lib/session/session'

const ConsentWindow = lazy(() =>
  import('./ConsentWindow').then((module) => ({ default: module.ConsentWindow })),
)

/** ConsentReminder asks for agreement to a new version of a text before anything else. */
export function ConsentReminder() {
  const { data: me } = useQuery(meQuery)
  if (!me || me.consent_required.length === 0) return null
  return (
    <Suspense fallback={null}>
      <ConsentWindow asked={me.consent_required} />
    </Suspense>
  )
}
