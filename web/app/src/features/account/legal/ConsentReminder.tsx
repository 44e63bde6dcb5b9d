import { useQuery } from '@tanstack/react-query'
import { lazy, type ReactNode, Suspense } from 'react'
import { meQuery } from '@/lib/session/session'

const ConsentWindow = lazy(() =>
  import('./ConsentWindow').then((module) => ({ default: module.ConsentWindow })),
)

/** ConsentReminder asks for agreement to new versions of texts before anybody is reminded of anything else. */
export function ConsentReminder({ children }: { children: ReactNode }) {
  const { data: me } = useQuery(meQuery)
  if (!me || me.consent_required.length === 0) return children
  return (
    <Suspense fallback={null}>
      <ConsentWindow asked={me.consent_required} />
    </Suspense>
  )
}
