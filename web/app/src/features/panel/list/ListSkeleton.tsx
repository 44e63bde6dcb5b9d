import { Skeleton } from '@mantine/core'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './DialogList.module.css'

const widths = [
  [34, 58],
  [51, 69],
  [42, 80],
  [38, 61],
  [56, 72],
  [46, 83],
  [36, 64],
  [53, 75],
]

/** ListSkeleton has the shape of the rows that come. */
export function ListSkeleton() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-busy aria-label={t('ui:loading')} className={classes.fill}>
      {widths.map(([name, words]) => (
        <div key={name} className={classes.skeleton}>
          <Skeleton circle height={36} />
          <div className={classes.skeletonText}>
            <Skeleton height={11} width={`${name}%`} />
            <Skeleton height={10} width={`${words}%`} mt={10} />
          </div>
        </div>
      ))}
    </div>
  )
}
