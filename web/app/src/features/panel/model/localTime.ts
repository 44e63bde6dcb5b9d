import { formatTime, zoneLabel } from '@parley/shared/time'

/** localTime is the clock where the contact is; a zone nobody knows has none. */
export function localTime(
  zone: string,
  now: number,
  locale: string,
): { clock: string; offset: string } | undefined {
  if (!zone) return undefined
  try {
    return { clock: formatTime(now, locale, zone), offset: zoneLabel(zone, now, locale) }
  } catch {
    return undefined
  }
}
