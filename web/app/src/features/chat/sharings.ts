import type { Sharing } from '@/lib/api/types'

/** The ways of sharing out work, the usual one first. */
export const sharings: Sharing[] = ['least_loaded', 'round_robin', 'manual']
