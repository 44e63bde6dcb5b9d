import { CloseButton, UnstyledButton } from '@mantine/core'
import { IconAlertCircle, IconCircleCheck } from '@tabler/icons-react'
import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import classes from './Toasts.module.css'
import { currentToasts, dismissToast, subscribeToasts } from './toast'

/** Toasts shows what happened elsewhere; screen readers hear it without losing their place. */
export function Toasts() {
  const { t } = useTranslation()
  const toasts = useSyncExternalStore(subscribeToasts, currentToasts)
  return (
    <div className={classes.toasts} role="status" aria-live="polite">
      {toasts.map(({ id, meaning, message, action }) => (
        <div key={id} className={classes.toast} data-meaning={meaning}>
          {meaning === 'good' ? (
            <IconCircleCheck size={20} aria-hidden />
          ) : (
            <IconAlertCircle size={20} aria-hidden />
          )}
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
          <CloseButton size="sm" aria-label={t('ui:close')} onClick={() => dismissToast(id)} />
        </div>
      ))}
    </div>
  )
}
