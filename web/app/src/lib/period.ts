import { addDays, fromLocal } from '@parley/shared/time'

/** Period is two wall clocks of the company's zone, "2026-11-01T00:00"; the end is not part of it. */
export interface Period {
  from?: string
  to?: string
}

export type Preset = 'today' | 'yesterday' | 'week' | 'month' | 'thisMonth' | 'lastMonth'
export const presets: Preset[] = ['today', 'yesterday', 'week', 'month', 'thisMonth', 'lastMonth']

/** presetPeriod finds the days a name stands for, counted from a day. */
export function presetPeriod(preset: Preset, today: string): Period {
  const midnight = (day: string): string => `${day}T00:00`
  const tomorrow = addDays(today, 1)
  const first = `${today.slice(0, 8)}01`
  const days: Record<Preset, [string, string]> = {
    today: [today, tomorrow],
    yesterday: [addDays(today, -1), today],
    week: [addDays(today, -6), tomorrow],
    month: [addDays(today, -29), tomorrow],
    thisMonth: [first, tomorrow],
    lastMonth: [`${addDays(first, -1).slice(0, 8)}01`, first],
  }
  const [from, to] = days[preset]
  return { from: midnight(from), to: midnight(to) }
}

/** instants turns a period of the URL into what the API takes. */
export function instants(period: Period, zone?: string): { from?: string; to?: string } {
  return {
    from: period.from && fromLocal(period.from, zone).toISOString(),
    to: period.to && fromLocal(period.to, zone).toISOString(),
  }
}

/** lastDay is the last day of a period for people: one that ends at midnight ends with the day before. */
export function lastDay(to: string): string {
  return to.endsWith('T00:00') ? addDays(to.slice(0, 10), -1) : to.slice(0, 10)
}
