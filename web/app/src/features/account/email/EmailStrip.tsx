import { Button } from '@mantine/core'
import { IconMail } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { useTranslation } from '@/lib/i18n/i18n'
import { meQuery } from '@/lib/session/session'
import { toastGood, toastProblem } from '@/ui/toast'
import classes from '../information/information.module.css'

/** EmailStrip says that letters wait for the email to be confirmed, and sends its link once more. */
export function EmailStrip({ email }: { email: string }) {
  const { t } = useTranslation('reminder')
  const client = useQueryClient()
  const { mutate, isPending } = useMutation({
    mutationFn: () => ok(api.POST('/api/v1/me/email-confirmation')),
    onSuccess: () => toastGood(t('reminder:email.sent', { email })),
    onError: (error) => {
      // It was confirmed meanwhile, in another tab or on another device.
      if (asApiError(error).status === 409)
        void client.invalidateQueries({ queryKey: meQuery.queryKey })
      else toastProblem(t, error)
    },
  })
  return (
    <aside className={classes.strip} aria-label={t('reminder:email.title')}>
      <IconMail size={16} aria-hidden />
      <span className={classes.stripText}>{t('reminder:email.text', { email })}</span>
      <Button variant="default" size="compact-sm" loading={isPending} onClick={() => mutate()}>
        {t('reminder:email.action')}
      </Button>
    </aside>
  )
}
