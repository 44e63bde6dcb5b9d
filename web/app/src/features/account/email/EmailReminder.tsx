import { lazy, Suspense } from 'react'
import { useSession } from '@/lib/session/session'

const EmailStrip = lazy(() =>
  import('./EmailStrip').then((module) => ({ default: module.EmailStrip })),
)

/** EmailReminder stands above every page of those whose email is not confirmed; others load nothing of it. */
export function EmailReminder() {
  const { user } = useSession()
  if (user.email_confirmed) return null
  return (
    <Suspense fallback={null}>
      <EmailStrip email={user.email} />
    </Suspense>
  )
}
