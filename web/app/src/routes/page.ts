import { lazyRouteComponent } from '@tanstack/react-router'
import type { ComponentType } from 'react'

/** page loads a page with its route, together with the styles only pages inside need. */
export function page<K extends string>(load: () => Promise<Record<K, ComponentType>>, name: K) {
  return lazyRouteComponent(async () => {
    const [module] = await Promise.all([load(), import('@/lib/theme/rest')])
    return { default: module[name] }
  })
}
