import { Button, TextInput } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { fieldTexts, problemText } from '@/lib/api/problemText'
import { routesQuery } from '@/lib/data/routes'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import type { Kind } from './RouteCard'
import classes from './routes.module.css'

/** Trial sends a test by the way in force and passes on what the other side says to it. */
export function Trial({ kind }: { kind: Kind }) {
  const { t } = useTranslation('routes')
  const { user } = useSession()
  const language = useLanguage()
  const client = useQueryClient()
  const [to, setTo] = useState(kind === 'mail' ? user.email : user.phone)
  const { mutate, isPending, isSuccess, error, variables, reset } = useMutation({
    mutationFn: (place: string) => {
      const body = { to: place, language }
      return kind === 'mail'
        ? ok(api.POST('/api/v1/back-office/routes/test-letter', { body }))
        : ok(api.POST('/api/v1/back-office/routes/test-sms', { body }))
    },
    onSettled: () => void client.invalidateQueries({ queryKey: routesQuery.queryKey }),
  })
  const { to: wrong } = fieldTexts(t, error)
  const detail = asApiError(error).problem.detail
  return (
    <section className={classes.trial} aria-label={t(`routes:${kind}.try`)}>
      <h3 className={classes.trialTitle}>{t(`routes:${kind}.try`)}</h3>
      <div className={classes.row}>
        <TextInput
          className={classes.grow}
          label={t(`routes:${kind}.to`)}
          value={to}
          onChange={(e) => {
            setTo(e.currentTarget.value)
            reset()
          }}
          error={wrong}
        />
        <Button
          className={classes.beside}
          variant="default"
          loading={isPending}
          disabled={to.trim() === ''}
          onClick={() => mutate(to.trim())}
        >
          {t('routes:send')}
        </Button>
      </div>
      {error && !wrong && (
        <div role="alert">
          <p className={classes.bad}>{t('routes:refused')}</p>
          <code className={classes.code}>{detail || problemText(t, error)}</code>
        </div>
      )}
      {isSuccess && (
        <p className={classes.good} role="status">
          <IconCheck size={18} aria-hidden /> {t(`routes:${kind}.sent`, { to: variables })}
        </p>
      )}
    </section>
  )
}
