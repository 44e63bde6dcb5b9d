import { Skeleton } from '@mantine/core'
import { useTranslation } from '@/lib/i18n/i18n'
import type { Mode } from '../PanelPage'
import messages from './Messages.module.css'
import classes from './Thread.module.css'

const shapes = [
  ['start', 220, 38],
  ['start', 320, 58],
  ['end', 260, 38],
  ['end', 180, 38],
  ['start', 280, 58],
  ['end', 340, 78],
] as const

/** MessagesSkeleton has the shape of a correspondence. */
export function MessagesSkeleton() {
  const { t } = useTranslation()
  return (
    <div className={messages.skeletons} role="status" aria-busy aria-label={t('ui:loading')}>
      {shapes.map(([side, width, height]) => (
        <Skeleton
          key={width}
          width={width}
          maw="70%"
          height={height}
          radius={12}
          style={{ alignSelf: `flex-${side}` }}
        />
      ))}
    </div>
  )
}

export function ThreadSkeleton({ mode }: { mode: Mode }) {
  return (
    <>
      <header className={classes.header} data-mode={mode}>
        <Skeleton height={14} width={180} />
      </header>
      <div className={classes.middle}>
        <MessagesSkeleton />
      </div>
    </>
  )
}
