import { Button } from '@mantine/core'
import { useEffect, useLayoutEffect, useRef } from 'react'
import { problemText } from '@/lib/api/problemText'
import type { DialogHead } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import type { View } from '../model/search'
import classes from './DialogList.module.css'
import { DialogRow } from './DialogRow'
import { useTargets } from './useTargets'
import { useWindow } from './useWindow'

const rowHeight = 64

interface Props {
  heads: DialogHead[]
  opened: string | undefined
  view: View
  stale: boolean
  hasMore: boolean
  loadingMore: boolean
  moreError: unknown
  onMore: () => void
  onHold: () => void
  onRelease: () => void
}

/** Rows draws only what is near the eye and stays put when something above comes or goes. */
export function Rows(props: Props) {
  const { heads, opened, view, hasMore, onMore, loadingMore, moreError } = props
  const { t } = useTranslation('panel')
  const { user } = useSession()
  const scroller = useRef<HTMLDivElement>(null)
  const { from, to } = useWindow(scroller, heads.length, rowHeight)
  const targetOf = useTargets()
  useStill(scroller, heads)
  useShown(scroller, heads, opened)

  const nearEnd = to >= heads.length - 4
  useEffect(() => {
    if (nearEnd && hasMore && !loadingMore && !moreError) onMore()
  }, [nearEnd, hasMore, loadingMore, moreError, onMore])

  return (
    <div
      ref={scroller}
      className={classes.scroller}
      data-stale={props.stale}
      onPointerMove={(event) => event.pointerType === 'mouse' && props.onHold()}
      onPointerLeave={props.onRelease}
    >
      <ul className={classes.rows} style={{ height: heads.length * rowHeight }}>
        {heads.slice(from, to).map((head, i) => (
          <DialogRow
            key={head.dialog_id}
            head={head}
            view={view}
            me={user.id}
            current={head.dialog_id === opened}
            target={targetOf(head)}
            top={(from + i) * rowHeight}
            position={from + i + 1}
            count={hasMore ? -1 : heads.length}
          />
        ))}
      </ul>
      {loadingMore && (
        <p className={classes.more} role="status">
          {t('ui:loading')}
        </p>
      )}
      {moreError != null && !loadingMore && (
        <div className={classes.more} role="alert">
          {problemText(t, moreError)}
          <Button variant="default" size="xs" onClick={onMore}>
            {t('ui:error.retry')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** useStill moves the scroll position with the row under the eye when rows above it come or go. */
function useStill(scroller: { current: HTMLElement | null }, heads: DialogHead[]): void {
  const before = useRef<DialogHead[]>(heads)
  useLayoutEffect(() => {
    const element = scroller.current
    const earlier = before.current
    before.current = heads
    if (!element || earlier === heads || element.scrollTop < rowHeight / 2) return
    const first = Math.floor(element.scrollTop / rowHeight)
    for (let i = first; i < Math.min(first + 4, earlier.length); i++) {
      const now = heads.findIndex((h) => h.dialog_id === earlier[i]?.dialog_id)
      if (now < 0 || Math.abs(now - i) > 3) continue
      element.scrollTop += (now - i) * rowHeight
      return
    }
  }, [scroller, heads])
}

/** useShown brings the opened dialog's row into view when J, K or Back led to it. */
function useShown(
  scroller: { current: HTMLElement | null },
  heads: DialogHead[],
  opened: string | undefined,
): void {
  const latest = useRef(heads)
  useLayoutEffect(() => {
    latest.current = heads
  })
  useEffect(() => {
    const element = scroller.current
    const at = latest.current.findIndex((h) => h.dialog_id === opened)
    if (!element || at < 0) return
    const top = at * rowHeight
    const below = top + rowHeight - (element.scrollTop + element.clientHeight)
    if (top < element.scrollTop) element.scrollTop = top
    else if (below > 0) element.scrollTop += below
  }, [scroller, opened])
}
