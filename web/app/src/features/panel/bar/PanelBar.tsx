import { ActionIcon, Menu, Popover, Tooltip, UnstyledButton } from '@mantine/core'
import { formatDuration } from '@parley/shared/time'
import {
  IconChartBar,
  IconCheck,
  IconChevronDown,
  IconVolume,
  IconVolumeOff,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import type { OperatorState, PanelFigures } from '@/lib/api/types'
import { panelFiguresQuery } from '@/lib/data/panel'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { HeaderSlot } from '@/ui/HeaderSlot'
import { setSound, useSound } from '../data/sound'
import { useOwnState } from '../data/useOwnState'
import classes from './PanelBar.module.css'

/** PanelBar is the operator's own state and the day's figures, in the frame's bar. */
export function PanelBar() {
  return (
    <HeaderSlot>
      <div className={classes.bar}>
        <Figures />
        <Sound />
        <OwnState />
      </div>
    </HeaderSlot>
  )
}

const states: OperatorState[] = ['online', 'pause', 'offline']

function OwnState() {
  const { t } = useTranslation('panel')
  const { own, change } = useOwnState()
  if (!own) return <span className={classes.placeholder} />
  const full = own.limit > 0 && own.open >= own.limit
  return (
    <Menu position="bottom-end" width={280}>
      <Menu.Target>
        <UnstyledButton
          className={classes.own}
          aria-label={t('panel:own.label', {
            state: t(`panel:own.${own.state}`),
            open: own.open,
            limit: own.limit,
          })}
        >
          <span className={classes.dot} data-state={own.state} />
          <span className={classes.stateName}>{t(`panel:own.${own.state}`)}</span>
          <span className={classes.load} data-full={full}>
            {t('panel:handOver.load', { open: own.open, limit: own.limit })}
          </span>
          <IconChevronDown size={14} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        {states.map((state) => (
          <Menu.Item
            key={state}
            leftSection={<span className={classes.dot} data-state={state} />}
            rightSection={own.state === state ? <IconCheck size={16} aria-hidden /> : undefined}
            aria-current={own.state === state ? 'true' : undefined}
            onClick={() => change(state)}
          >
            {t(`panel:own.${state}`)}
            <span className={classes.help}>{t(`panel:own.help.${state}`)}</span>
          </Menu.Item>
        ))}
        <OnPhone />
      </Menu.Dropdown>
    </Menu>
  )
}

/** A phone's bar has no room for figures and sound: there they are part of the own state's menu. */
function OnPhone() {
  const { t } = useTranslation('panel')
  const figures = useFigures()
  const sound = useSound()
  return (
    <div className={classes.onPhone}>
      <Menu.Divider />
      <Menu.Item
        closeMenuOnClick={false}
        leftSection={
          sound ? <IconVolume size={16} aria-hidden /> : <IconVolumeOff size={16} aria-hidden />
        }
        onClick={() => setSound(!sound)}
      >
        {t(sound ? 'panel:sound.on' : 'panel:sound.off')}
      </Menu.Item>
      <Menu.Divider />
      <dl className={classes.figureList}>
        {figures.map(({ key, name, value }) => (
          <div key={key}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </div>
  )
}

function Sound() {
  const { t } = useTranslation('panel')
  const on = useSound()
  const label = t(on ? 'panel:sound.on' : 'panel:sound.off')
  const Icon = on ? IconVolume : IconVolumeOff
  return (
    <Tooltip label={label}>
      <ActionIcon
        size={36}
        className={classes.sound}
        aria-label={t('panel:sound.label')}
        aria-pressed={on}
        onClick={() => setSound(!on)}
      >
        <Icon size={18} stroke={1.7} />
      </ActionIcon>
    </Tooltip>
  )
}

function useFigures(): { key: string; short: string; name: string; value: string }[] {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const { company } = useSession()
  const figures: PanelFigures | undefined = useQuery({
    ...panelFiguresQuery(company.id),
    refetchInterval: 60_000,
  }).data
  if (!figures) return []
  const none = '—'
  const share = (value: number | null) =>
    value === null
      ? none
      : value.toLocaleString(locale, { style: 'percent', maximumFractionDigits: 0 })
  const median = figures.first_answer_median_s
  return [
    {
      key: 'closed',
      short: t('panel:figures.closedShort'),
      name: t('panel:figures.closed'),
      value: figures.sessions_closed_today.toLocaleString(locale),
    },
    {
      key: 'first',
      short: t('panel:figures.firstShort'),
      name: t('panel:figures.first'),
      value: median === null ? none : formatDuration(median, locale),
    },
    {
      key: 'sl1',
      short: t('panel:figures.sl1Short'),
      name: t('panel:figures.sl1'),
      value: share(figures.sl1),
    },
    {
      key: 'sl2',
      short: t('panel:figures.sl2Short'),
      name: t('panel:figures.sl2'),
      value: share(figures.sl2),
    },
  ]
}

/** Figures stand open where there is room and behind one button where there is not. */
function Figures() {
  const { t } = useTranslation('panel')
  const figures = useFigures()
  if (figures.length === 0) return null
  return (
    <>
      <dl className={classes.figures}>
        {figures.map(({ key, short, name, value }) => (
          <Tooltip key={key} label={name}>
            <div className={classes.figure}>
              <dt>{short}</dt>
              <dd>{value}</dd>
            </div>
          </Tooltip>
        ))}
      </dl>
      <Popover position="bottom-end" shadow="md" width={300}>
        <Popover.Target>
          <ActionIcon
            size={36}
            className={classes.figuresButton}
            aria-label={t('panel:figures.label')}
          >
            <IconChartBar size={18} stroke={1.7} />
          </ActionIcon>
        </Popover.Target>
        <Popover.Dropdown>
          <dl className={classes.figureList}>
            {figures.map(({ key, name, value }) => (
              <div key={key}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </Popover.Dropdown>
      </Popover>
    </>
  )
}
