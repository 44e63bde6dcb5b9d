import { Button } from '@mantine/core'
import { IconCloudOff, IconLock, IconMapOff } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { asApiError } from '@/lib/api/error'
import { problemText } from '@/lib/api/problemText'
import { useTranslation } from '@/lib/i18n/i18n'
import { CopyId } from './CopyId'
import classes from './Empty.module.css'

interface Props {
  error: unknown
  onRetry?: () => void
  /** The way on where trying again is of no use. */
  back?: ReactNode
}

const pictures: Record<string, typeof IconLock> = { forbidden: IconLock, not_found: IconMapOff }

/**
 * ErrorState says what happened and what to do, with a reference number for support. What is not there, or not for
 * these eyes, is nothing for the support.
 */
export function ErrorState({ error, onRetry, back }: Props) {
  const { t } = useTranslation()
  const { code, requestId } = asApiError(error)
  const Picture = pictures[code] ?? IconCloudOff
  const lasting = code === 'forbidden' || code === 'not_found'
  return (
    <div className={classes.empty} role="alert">
      <div className={classes.picture} data-kind={lasting ? undefined : 'bad'} aria-hidden>
        <Picture />
      </div>
      <h2 className={classes.title}>{t(lasting ? 'ui:error.closed' : 'ui:error.title')}</h2>
      <p className={classes.text}>{problemText(t, error)}</p>
      {onRetry && !lasting && (
        <div className={classes.action}>
          <Button variant="default" onClick={onRetry}>
            {t('ui:error.retry')}
          </Button>
        </div>
      )}
      {lasting && back && <div className={classes.action}>{back}</div>}
      {requestId && !lasting && (
        <div className={classes.reference}>
          {t('ui:error.reference')} <CopyId id={requestId} />
        </div>
      )}
    </div>
  )
}
