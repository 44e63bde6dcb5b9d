import '@mantine/dates/styles.layer.css'
import 'dayjs/locale/ru'
import { Button, Group, Popover, Stack, TextInput } from '@mantine/core'
import { DatePicker } from '@mantine/dates'
import { addDays, formatDate, localDay } from '@parley/shared/time'
import { IconCalendar } from '@tabler/icons-react'
import { useState } from 'react'
import { useLanguage, useLocale, useTranslation } from '@/lib/i18n/i18n'
import { lastDay, type Period, presetPeriod, presets } from '@/lib/period'
import { useZone } from '@/lib/session/session'
import classes from './PeriodPicker.module.css'

interface Props {
  value: Period
  onChange: (value: Period) => void
}

/** PeriodPicker chooses days and, when it matters, the time the period starts and ends. */
export function PeriodPicker({ value, onChange }: Props) {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const label = usePeriodLabel(value)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      position="bottom-start"
      shadow="md"
      trapFocus
      withinPortal
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconCalendar size={16} aria-hidden />}
          onClick={() => setOpen(!open)}
          aria-label={`${t('ui:period.label')}: ${label}`}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Choice
          value={value}
          onChange={(period) => {
            setOpen(false)
            onChange(period)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

function usePeriodLabel({ from, to }: Period): string {
  const { t } = useTranslation()
  const locale = useLocale()
  if (!from && !to) return t('ui:period.all')
  const write = (day: string, time: string) =>
    `${formatDate(`${day}T12:00Z`, locale, 'UTC')}${time === '00:00' ? '' : ` ${time}`}`
  const start = from && write(from.slice(0, 10), from.slice(11))
  const end = to && write(lastDay(to), to.slice(11))
  if (!end) return t('ui:period.since', { day: start })
  if (!start) return t('ui:period.until', { day: end })
  return start === end ? start : `${start} – ${end}`
}

function Choice({ value, onChange }: Props) {
  const { t } = useTranslation()
  const language = useLanguage()
  const zone = useZone()
  const today = localDay(new Date(), zone)
  const [days, setDays] = useState<[string | null, string | null]>([
    value.from?.slice(0, 10) ?? null,
    value.to ? lastDay(value.to) : null,
  ])
  const [start, setStart] = useState(value.from?.slice(11) ?? '00:00')
  const [end, setEnd] = useState(value.to?.slice(11) ?? '00:00')

  const apply = () => {
    const [first, last] = days
    if (!first) return
    const until = last ?? first
    onChange({
      from: `${first}T${start || '00:00'}`,
      to: end && end !== '00:00' ? `${until}T${end}` : `${addDays(until, 1)}T00:00`,
    })
  }
  return (
    <div className={classes.choice}>
      <Stack gap={2} className={classes.presets}>
        {presets.map((preset) => (
          <Button
            key={preset}
            variant="subtle"
            color="gray"
            justify="flex-start"
            onClick={() => onChange(presetPeriod(preset, today))}
          >
            {t(`ui:period.${preset}`)}
          </Button>
        ))}
      </Stack>
      <Stack gap="sm">
        <DatePicker
          type="range"
          allowSingleDateInRange
          value={days}
          onChange={setDays}
          defaultDate={value.from?.slice(0, 10) ?? today}
          maxDate={today}
          locale={language}
          ariaLabels={{
            previousMonth: t('ui:period.previousMonth'),
            nextMonth: t('ui:period.nextMonth'),
            previousYear: t('ui:period.previousYear'),
            nextYear: t('ui:period.nextYear'),
            previousDecade: t('ui:period.earlierYears'),
            nextDecade: t('ui:period.laterYears'),
            monthLevelControl: t('ui:period.chooseMonth'),
            yearLevelControl: t('ui:period.chooseYear'),
          }}
          firstDayOfWeek={1}
        />
        <Group grow gap="sm">
          <TextInput
            type="time"
            label={t('ui:period.from')}
            value={start}
            onChange={(event) => setStart(event.currentTarget.value)}
          />
          <TextInput
            type="time"
            label={t('ui:period.to')}
            value={end}
            onChange={(event) => setEnd(event.currentTarget.value)}
          />
        </Group>
        <Group justify="flex-end" gap="xs">
          <Button variant="subtle" color="gray" onClick={() => onChange({})}>
            {t('ui:clear')}
          </Button>
          <Button onClick={apply} disabled={!days[0]}>
            {t('ui:period.apply')}
          </Button>
        </Group>
      </Stack>
    </div>
  )
}
