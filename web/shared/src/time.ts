type Instant = string | number | Date

const formatters = new Map<string, Intl.DateTimeFormat>()

function formatter(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options)
  let found = formatters.get(key)
  if (!found) {
    found = new Intl.DateTimeFormat(locale, options)
    formatters.set(key, found)
  }
  return found
}

const clock = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const

/** withoutG drops the Russian "г." after a year, which only takes room in a table. */
function withoutG(text: string): string {
  return text.replace(/[\s\u00a0]г\.(?=,|$)/, '')
}

/** formatDate writes a day: "21 Nov 2026", "21 нояб. 2026". */
export function formatDate(at: Instant, locale: string, zone?: string): string {
  const date = formatter(locale, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    timeZone: zone,
  })
  return withoutG(date.format(new Date(at)))
}

/** formatTime writes hours and minutes: "14:05". */
export function formatTime(at: Instant, locale: string, zone?: string): string {
  return formatter(locale, { ...clock, timeZone: zone }).format(new Date(at))
}

/** formatDateTime writes day and time, with seconds when asked. */
export function formatDateTime(
  at: Instant,
  locale: string,
  zone?: string,
  options: { seconds?: boolean } = {},
): string {
  return withoutG(
    formatter(locale, {
      day: 'numeric',
      month: 'short',
      year: 'numeric',
      ...clock,
      second: options.seconds ? '2-digit' : undefined,
      timeZone: zone,
    }).format(new Date(at)),
  )
}

/** formatRecent is for dense lists: the time today, the weekday within a week, else the day. */
export function formatRecent(at: Instant, now: Instant, locale: string, zone?: string): string {
  const then = new Date(at)
  const today = new Date(now)
  if (localDay(then, zone) === localDay(today, zone)) return formatTime(then, locale, zone)
  const days = (today.getTime() - then.getTime()) / 86_400_000
  if (days >= 0 && days < 6) {
    return formatter(locale, { weekday: 'short', timeZone: zone }).format(then)
  }
  const sameYear = localDay(then, zone).slice(0, 4) === localDay(today, zone).slice(0, 4)
  return formatter(locale, {
    day: 'numeric',
    month: 'short',
    year: sameYear ? undefined : '2-digit',
    timeZone: zone,
  }).format(then)
}

/** formatDay heads a group of messages: "21 November" or "21 ноября", with the year when it is another one. */
export function formatDay(at: Instant, now: Instant, locale: string, zone?: string): string {
  const sameYear = localDay(at, zone).slice(0, 4) === localDay(now, zone).slice(0, 4)
  return formatter(locale, {
    day: 'numeric',
    month: 'long',
    year: sameYear ? undefined : 'numeric',
    timeZone: zone,
  }).format(new Date(at))
}

/** formatMonth names a month of a year, "2026-11": "November 2026", "ноябрь 2026". */
export function formatMonth(month: string, locale: string): string {
  const name = formatter(locale, { month: 'long', year: 'numeric', timeZone: 'UTC' })
  return name.format(new Date(`${month}-15T00:00Z`)).replace(/[\s\u00a0]г\.$/, '')
}

/** zoneLabel names a zone at a moment: "GMT+3". */
export function zoneLabel(zone: string, at: Instant, locale: string): string {
  const part = formatter(locale, { timeZone: zone, timeZoneName: 'shortOffset' })
    .formatToParts(new Date(at))
    .find((p) => p.type === 'timeZoneName')
  return part?.value ?? zone
}

interface Units {
  d: string
  h: string
  min: string
  s: string
}

const english: Units = { d: 'd', h: 'h', min: 'min', s: 's' }
const russian: Units = { d: 'д', h: 'ч', min: 'мин', s: 'с' }

/** formatDuration writes the two largest units: "42 s", "2 min 05 s", "3 h 07 min", "2 d 4 h". */
export function formatDuration(seconds: number, locale: string): string {
  const unit = locale.startsWith('ru') ? russian : english
  const whole = Math.max(0, Math.round(seconds))
  const pad = (n: number) => String(n).padStart(2, '0')
  if (whole < 60) return `${whole} ${unit.s}`
  if (whole < 3600) return `${Math.floor(whole / 60)} ${unit.min} ${pad(whole % 60)} ${unit.s}`
  if (whole < 86_400) {
    return `${Math.floor(whole / 3600)} ${unit.h} ${pad(Math.floor((whole % 3600) / 60))} ${unit.min}`
  }
  return `${Math.floor(whole / 86_400)} ${unit.d} ${Math.floor((whole % 86_400) / 3600)} ${unit.h}`
}

/** formatClock is for running countdowns: "00:42", "1:02:05". */
export function formatClock(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const pad = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const rest = `${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

/** localDay is the calendar day of a moment in a zone, "2026-11-21". */
export function localDay(at: Instant, zone?: string): string {
  return localMinute(at, zone).slice(0, 10)
}

/** localMinute is the wall clock of a moment in a zone, "2026-11-21T14:05". */
export function localMinute(at: Instant, zone?: string): string {
  const parts = formatter('en-CA', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    ...clock,
    timeZone: zone,
  }).formatToParts(new Date(at))
  const get = (type: string) => parts.find((p) => p.type === type)?.value ?? ''
  return `${get('year')}-${get('month')}-${get('day')}T${get('hour')}:${get('minute')}`
}

/**
 * fromLocal finds the moment of a wall clock ("2026-11-21T14:05") in a zone. In the hour a zone skips it gives
 * the moment after the jump, in the hour it repeats the first one.
 */
export function fromLocal(local: string, zone?: string): Date {
  const asUTC = Date.parse(`${local.length === 10 ? `${local}T00:00` : local}Z`)
  const offsetAt = (t: number) =>
    Date.parse(`${localMinute(t, zone)}Z`) - Math.floor(t / 60_000) * 60_000
  const before = asUTC - offsetAt(asUTC - 86_400_000)
  if (localMinute(before, zone) === localMinute(asUTC, 'UTC')) return new Date(before)
  const after = asUTC - offsetAt(asUTC + 86_400_000)
  if (localMinute(after, zone) === localMinute(asUTC, 'UTC')) return new Date(after)
  return new Date(before)
}

/** addDays moves a calendar day ("2026-11-21") by whole days. */
export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00Z`) + days * 86_400_000).toISOString().slice(0, 10)
}
