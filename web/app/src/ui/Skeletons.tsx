import { Skeleton } from '@mantine/core'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './Skeletons.module.css'

const counted = (length: number) => Array.from({ length }, (_, index) => index)

/** RowSkeletons stand where rows of a list will be; their widths differ so that they read as text. */
export function RowSkeletons({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation()
  return (
    <div aria-busy role="status" aria-label={t('ui:loading')}>
      {counted(rows).map((row) => (
        <div key={row} className={classes.row}>
          <Skeleton height={12} width={`${28 + ((row * 13) % 24)}%`} />
          <Skeleton height={12} width={`${12 + ((row * 7) % 14)}%`} />
          <Skeleton height={12} width="10%" />
        </div>
      ))}
    </div>
  )
}

/** FormSkeleton stands where a form will be. */
export function FormSkeleton({ fields = 4 }: { fields?: number }) {
  const { t } = useTranslation()
  return (
    <div aria-busy role="status" aria-label={t('ui:loading')} className={classes.form}>
      {counted(fields).map((field) => (
        <div key={field}>
          <Skeleton height={12} width={120 + ((field * 37) % 80)} mb={8} />
          <Skeleton height={36} />
        </div>
      ))}
    </div>
  )
}
