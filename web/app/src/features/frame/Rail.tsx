import { useThrottledCallback } from '@mantine/hooks'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Link, useLocation } from '@tanstack/react-router'
import { countsQuery } from '@/lib/data/panel'
import { useTranslation } from '@/lib/i18n/i18n'
import { useRealtime } from '@/lib/realtime/realtime'
import { useSession } from '@/lib/session/session'
import { Logo } from '@/ui/Logo'
import { isAt, type Place, places } from './navigation'
import classes from './Rail.module.css'

/** Rail is the way around: full at the left, icons only on a small screen, a bar at the bottom of a phone. */
export function Rail() {
  const { t } = useTranslation('frame')
  const session = useSession()
  return (
    <nav className={classes.rail} aria-label={t('frame:nav.label')}>
      <div className={classes.brand}>
        <Logo />
        <span className={classes.name}>{t('common:name')}</span>
      </div>
      <ul className={classes.list}>
        {places(session).map((place) => (
          <li key={place.key}>
            <RailLink place={place} />
          </li>
        ))}
      </ul>
    </nav>
  )
}

/** On a phone the bar scrolls sideways; the place one is at stays in view. */
function reveal(element: HTMLAnchorElement | null): void {
  const bar = element?.closest('nav')
  if (!element || !bar || bar.scrollWidth <= bar.clientWidth) return
  bar.scrollLeft = element.offsetLeft - (bar.clientWidth - element.clientWidth) / 2
}

function RailLink({ place }: { place: Place }) {
  const { t } = useTranslation('frame')
  const { company } = useSession()
  const pathname = useLocation({ select: (location) => location.pathname })
  const on = isAt(place, company.id, pathname)
  const label = t(place.label)
  return (
    <Link
      {...place.link}
      className={classes.link}
      data-label={label}
      aria-current={on ? 'page' : undefined}
      ref={on ? reveal : undefined}
      activeOptions={{ exact: true }}
    >
      <place.icon size={20} stroke={1.6} aria-hidden />
      <span className={classes.label} data-has-short={place.short !== undefined}>
        {label}
      </span>
      {place.short && <span className={classes.short}>{t(place.short)}</span>}
      {place.key === 'panel' && <Unread />}
    </Link>
  )
}

/** Unread follows the messages nobody has read yet. */
function Unread() {
  const { t } = useTranslation('frame')
  const { company } = useSession()
  const client = useQueryClient()
  const options = countsQuery(company.id)
  const { data } = useQuery(options)
  const refresh = useThrottledCallback(
    () => void client.invalidateQueries({ queryKey: options.queryKey }),
    2_000,
  )
  useRealtime('message', refresh)
  useRealtime('read', refresh)
  useRealtime('removed', refresh)
  if (!data?.unread) return null
  return (
    <span className={classes.badge}>
      <span aria-hidden>{data.unread > 99 ? '99+' : data.unread}</span>
      <span className="visually-hidden">{t('frame:unread', { count: data.unread })}</span>
    </span>
  )
}
