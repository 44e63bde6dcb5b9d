import type { SelectProps } from '@mantine/core'
import { formatTime, zoneLabel } from '@parley/shared/time'
import { useMemo } from 'react'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { LongSelect } from './LongSelect'

interface Props extends Omit<SelectProps, 'data'> {
  value?: string | null
  /** What the zone decides, after the time that it is there now. */
  help?: string
}

function zones(own: string | null | undefined): string[] {
  const known = Intl.supportedValuesOf('timeZone')
  return own && !known.includes(own) ? [own, ...known] : known
}

/** ZoneSelect says what time it is in the chosen zone, so that a wrong one is noticed. */
export function ZoneSelect({ help, ...props }: Props) {
  const { t } = useTranslation()
  const locale = useLocale()
  const now = new Date()
  const zone = props.value
  const data = useMemo(() => zones(zone), [zone])
  const clock =
    zone &&
    t('ui:zone', { time: formatTime(now, locale, zone), zone: zoneLabel(zone, now, locale) })
  return <LongSelect data={data} description={[clock, help].filter(Boolean).join(' ')} {...props} />
}
