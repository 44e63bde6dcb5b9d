import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useSession } from '@/lib/session/session'
import { noticesQuery } from './data'

const Pinned = lazy(() => import('./Pinned').then((module) => ({ default: module.Pinned })))

/** PinnedStrip stands above every page while something is pinned; others load nothing of it. */
export function PinnedStrip() {
  const { company } = useSession()
  const { data } = useQuery(noticesQuery(company.id))
  if (!data?.pinned) return null
  return (
    <Suspense fallback={null}>
      <Pinned pin={data.pinned} as="strip" />
    </Suspense>
  )
}
