import { UnstyledButton } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { useRealtime, useReconnected } from '@/lib/realtime/realtime'
import { useSession } from '@/lib/session/session'
import { LazyPopover } from '@/ui/LazyPopover'
import { RowSkeletons } from '@/ui/Skeletons'
import classes from './Bell.module.css'
import { noticesKey, noticesQuery } from './data'
import { badgeOf, isSpent } from './model'

const NoticeList = lazy(() =>
  import('./NoticeList').then((module) => ({ default: module.NoticeList })),
)

/** Bell shows how many notices are unread and opens their list. */
export function Bell() {
  const { t } = useTranslation('frame')
  const { company } = useSession()
  const client = useQueryClient()
  const { data } = useQuery(noticesQuery(company.id))
  const again = () => void client.invalidateQueries({ queryKey: noticesKey(company.id) })
  useRealtime('notice', again)
  useReconnected(again)
  // What is pinned is told by nobody: it follows the balance.
  useRealtime('balance', (event) => {
    if (isSpent(event) !== Boolean(data?.pinned)) again()
  })
  const badge = data ? badgeOf(data) : ''
  return (
    <LazyPopover
      width={360}
      target={(toggle, open) => (
        <UnstyledButton
          className={classes.bell}
          onClick={toggle}
          aria-expanded={open}
          aria-haspopup="dialog"
          aria-label={t('frame:bell', { count: data?.unread ?? 0 })}
        >
          <IconBell size={20} stroke={1.6} aria-hidden />
          {badge && (
            <span className={classes.badge} data-pinned={Boolean(data?.pinned)} aria-hidden>
              {badge}
            </span>
          )}
        </UnstyledButton>
      )}
    >
      {(close) => (
        <Suspense fallback={<RowSkeletons rows={4} />}>
          <NoticeList onLeave={close} />
        </Suspense>
      )}
    </LazyPopover>
  )
}
