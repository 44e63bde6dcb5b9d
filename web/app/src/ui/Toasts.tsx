import { CloseButton, UnstyledButton } from '@mantine/core'
import { IconAlertCircle, IconCircleCheck, IconInfoCircle } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './Toasts.module.css'
import { currentToasts, dismissToast, lastsWithAction, subscribeToasts, type Toast } from './toast'

/** Toasts shows what happened elsewhere; screen readers hear it without losing their place. */
export function Toasts() {
  const { t } = useTranslation()
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts)
  return (
    <div className={classes.toasts} role="status" aria-live="polite">
      {toasts.map(({ id, meaning, message, action }) => (
        <div key={id} className={classes.toast} data-meaning={meaning}>
          <Picture meaning={meaning} />
          <span className={classes.message}>{message}</span>
          {action && (
            <UnstyledButton
              className={classes.action}
              onClick={() => {
                dismissToast(id)
                action.run()
              }}
            >
              {action.label}
            </UnstyledButton>
          )}
          {action && (
            <span
              className={classes.time}
              style={{ animationDuration: `${lastsWithAction}ms` }}
              aria-hidden
            />
          )}
          <CloseButton size="sm" aria-label={t('ui:close')} onClick={() => dismissToast(id)} />
        </div>
      ))}
    </div>
  )
}

const pictures = { good: IconCircleCheck, bad: IconAlertCircle, info: IconInfoCircle }

function Picture({ meaning }: Pick<Toast, 'meaning'>) {
  const Icon = pictures[meaning]
  return <Icon size={20} aria-hidden />
}
