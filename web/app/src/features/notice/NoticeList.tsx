import { Button } from '@mantine/core'
import { IconBell } from '@tabler/icons-react'
import { useRef } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { RowSkeletons } from '@/ui/Skeletons'
import { useNoticePages, useRead } from './data'
import classes from './NoticeList.module.css'
import { NoticeRow } from './NoticeRow'
import { Pinned } from './Pinned'

/** NoticeList is what the bell opens: what is pinned, then the notices, newest first. */
export function NoticeList({ onLeave }: { onLeave: () => void }) {
  const { t } = useTranslation('notice')
  const read = useRead()
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useNoticePages()
  const first = data?.pages[0]
  const list = useRef<HTMLElement>(null)
  const readAll = () => {
    read('all')
    list.current?.focus() // the button goes, and the keyboard must not go with it
  }
  const notices = data?.pages.flatMap((page) => page.items) ?? []
  return (
    <section ref={list} tabIndex={-1} className={classes.list} aria-label={t('notice:title')}>
      <header className={classes.head}>
        <h2 className={classes.title}>{t('notice:title')}</h2>
        {first && first.unread > 0 && (
          <Button variant="subtle" size="compact-sm" onClick={readAll}>
            {t('notice:readAll')}
          </Button>
        )}
      </header>
      {first?.pinned && <Pinned pin={first.pinned} as="card" onLeave={onLeave} />}
      {!data &&
        (error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <RowSkeletons rows={4} />
        ))}
      {data && notices.length === 0 && (
        <Empty
          picture={<IconBell />}
          title={t('notice:empty.title')}
          text={t('notice:empty.text')}
        />
      )}
      {notices.length > 0 && (
        <ul className={classes.rows}>
          {notices.map((notice) => (
            <NoticeRow
              key={notice.id}
              notice={notice}
              onRead={() => read([notice.id])}
              onLeave={onLeave}
            />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button
          variant="subtle"
          color="gray"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage()}
        >
          {t('notice:earlier')}
        </Button>
      )}
    </section>
  )
}
