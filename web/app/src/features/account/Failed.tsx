import { IconAlertCircle } from '@tabler/icons-react'
import { asApiError } from '@/lib/api/error'
import { problemText } from '@/lib/api/problemText'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './PublicPage.module.css'

/** Failed says what went wrong where one looks for it; a reader hears it at once. */
export function Failed({ error }: { error: unknown }) {
  const { t } = useTranslation()
  if (error === null) return null
  const reference = asApiError(error).status >= 500 ? asApiError(error).requestId : ''
  return (
    <p className={classes.failed} role="alert">
      <IconAlertCircle size={18} aria-hidden />
      <span>
        {problemText(t, error)} {reference && `${t('ui:error.reference')} ${reference}`}
      </span>
    </p>
  )
}
