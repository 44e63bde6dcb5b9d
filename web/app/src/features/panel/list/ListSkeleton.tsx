import { Skeleton } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import classes from './DialogList.module.css'

/** ListSkeleton has the shape of the rows that come. */
export function ListSkeleton() {
  const { t } = useTranslation()
  return (
    <div role="status" aria-busy aria-label={t('ui:loading')} className={classes.fill}>
      {Array.from({ length: 9 }, (_, row) => (
        <div key={row} className={classes.skeleton}>
          <Skeleton circle height={36} />
          <div className={classes.skeletonText}>
            <Skeleton height={11} width={`${34 + ((row * 17) % 26)}%`} />
            <Skeleton height={10} width={`${58 + ((row * 11) % 30)}%`} mt={10} />
          </div>
        </div>
      ))}
    </div>
  )
}
