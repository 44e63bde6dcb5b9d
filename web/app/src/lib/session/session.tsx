import { queryOptions, useQuery } from '@tanstack/react-query'
import { createContext, type ReactNode, use, useMemo } from 'react'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import type { Me, Membership, Permission } from '@/lib/api/types'

/** meQuery is who is signed in; null when nobody is. */
export const meQuery = queryOptions({
  queryKey: ['me'],
  staleTime: 60_000,
  retry: false,
  queryFn: async (): Promise<Me | null> => {
    try {
      return await ok(api.GET('/api/v1/me'))
    } catch (error) {
      if (asApiError(error).code === 'unauthenticated') return null
      throw error
    }
  },
})

export interface Session {
  user: Me['user']
  memberships: Membership[]
  membership: Membership
  company: Membership['company']
  /** may tells what to show; the server decides again on every call. */
  may: (permission: Permission) => boolean
}

export function membershipOf(me: Me, company: number): Membership | undefined {
  return me.memberships.find((m) => m.company.id === company)
}

/** homeCompany is where a signed-in person starts: the last company, else the first. */
export function homeCompany(me: Me): number | undefined {
  const last = me.last_company
  if (last !== null && membershipOf(me, last)) return last
  return me.memberships[0]?.company.id
}

const Current = createContext<Session | null>(null)

/** SessionProvider stands around every page of one company. */
export function SessionProvider({ company, children }: { company: number; children: ReactNode }) {
  const { data: me } = useQuery(meQuery)
  const session = useMemo(() => {
    const membership = me ? membershipOf(me, company) : undefined
    return me && membership ? sessionOf(me, membership) : null
  }, [me, company])
  return session ? <Current value={session}>{children}</Current> : null
}

export function sessionOf(me: Me, membership: Membership): Session {
  const granted = new Set(membership.permissions)
  return {
    user: me.user,
    memberships: me.memberships,
    membership,
    company: membership.company,
    may: (permission) => granted.has(permission),
  }
}

/** useSession is the signed-in person in the company of the URL. */
export function useSession(): Session {
  const session = use(Current)
  if (!session) throw new Error('useSession outside of a company page')
  return session
}

/** useZone is the zone times are shown in; undefined (the browser's) outside of a company. */
export function useZone(): string | undefined {
  return use(Current)?.company.time_zone
}
