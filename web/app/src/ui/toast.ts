import { notifications } from '@mantine/notifications'
import type { TFunction } from 'i18next'
import { asApiError } from '@/lib/api/error'
import { problemText } from '@/lib/api/problemText'

/** toastGood tells that something far from the button worked. */
export function toastGood(message: string): void {
  notifications.show({ message, color: 'green', autoClose: 4_000, withBorder: true })
}

/** toastProblem tells what failed when there is no form to say it in. */
export function toastProblem(t: TFunction, error: unknown): void {
  const { requestId, status } = asApiError(error)
  const reference = requestId && status >= 500 ? ` ${t('ui:error.reference')} ${requestId}` : ''
  notifications.show({
    message: problemText(t, error) + reference,
    color: 'red',
    autoClose: 8_000,
    withBorder: true,
  })
}
