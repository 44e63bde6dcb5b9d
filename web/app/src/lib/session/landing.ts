import type { Membership } from '@/lib/api/types'

/** landingPath is the page a role starts its day on. */
export function landingPath({ company, roles, permissions }: Membership): string {
  const only = (role: string) => roles.length === 1 && roles[0] === role
  const base = `/c/${company.id}`
  if (only('operator') && permissions.includes('panel.use')) return `${base}/panel`
  if (only('accountant') && permissions.includes('invoices.view'))
    return `${base}/statistics/invoices`
  return base
}

/**
 * safeReturn lets sign-in lead back only to a page of this application: "//evil.example", "/\evil.example",
 * "javascript:" and other hosts fall away.
 */
export function safeReturn(target: unknown): string | undefined {
  if (typeof target !== 'string' || !target.startsWith('/c/')) return undefined
  const resolved = new URL(target, window.location.origin)
  if (resolved.origin !== window.location.origin || !resolved.pathname.startsWith('/c/'))
    return undefined
  return resolved.pathname + resolved.search + resolved.hash
}
