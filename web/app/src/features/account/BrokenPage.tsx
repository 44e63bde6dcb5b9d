import { type ErrorComponentProps, useRouter } from '@tanstack/react-router'
import { ErrorState } from '@/ui/ErrorState'

/** BrokenPage is what is left when a page cannot be shown at all. */
export function BrokenPage({ error, reset }: ErrorComponentProps) {
  const router = useRouter()
  const retry = () => {
    // A page's script that is gone after an update comes back with a fresh load.
    if (error instanceof Error && /import|module|chunk/i.test(error.message))
      window.location.reload()
    reset()
    void router.invalidate()
  }
  return (
    <main>
      <ErrorState error={error} onRetry={retry} />
    </main>
  )
}
