import { Button } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { OutgoingRoute } from '@/lib/api/types'
import { routesQuery } from '@/lib/data/routes'
import { siteQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card, Facts } from '@/ui/Card'
import { useConfirm } from '@/ui/Confirm'
import { type Meaning, StateBadge } from '@/ui/StateBadge'
import { Time } from '@/ui/Time'
import { toastGood, toastProblem } from '@/ui/toast'
import { RouteForm } from './RouteForm'
import classes from './routes.module.css'
import { Trial } from './Trial'

export type Kind = 'mail' | 'sms'

interface Props {
  kind: Kind
  route: OutgoingRoute
}

/** RouteCard is one way out of the installation: how it fares, its settings, and a test. */
export function RouteCard({ kind, route }: Props) {
  const { t } = useTranslation('routes')
  const [edits, setEdits] = useState(0)
  return (
    <Card
      title={
        <span className={classes.title}>
          {t(`routes:${kind}.title`)} <State kind={kind} route={route} />
        </span>
      }
      text={t(`routes:${kind}.text`)}
      actions={route.set && !route.fixed && <Remove kind={kind} />}
    >
      <div className={classes.stack}>
        <Known route={route} />
        {route.fixed ? (
          <p className={classes.soft}>{t('routes:fixed')}</p>
        ) : (
          <RouteForm
            key={`${route.address} ${edits}`}
            kind={kind}
            route={route}
            onSaved={() => setEdits(edits + 1)}
          />
        )}
        {route.set && <Trial kind={kind} />}
      </div>
    </Card>
  )
}

function stateOf({ set, state }: OutgoingRoute): { meaning: Meaning; word: string } {
  if (!set) return { meaning: 'neutral', word: 'unset' }
  if (!state) return { meaning: 'info', word: 'unknown' }
  return state.up ? { meaning: 'good', word: 'up' } : { meaning: 'bad', word: 'down' }
}

function State({ kind, route }: Props) {
  const { t } = useTranslation('routes')
  const { meaning, word } = stateOf(route)
  return <StateBadge meaning={meaning}>{t(`routes:${kind}.state.${word}`)}</StateBadge>
}

/** Known is what stands in force and what went wrong last. */
function Known({ route }: { route: OutgoingRoute }) {
  const { t } = useTranslation('routes')
  if (!route.set) return null
  const { state } = route
  const facts = [
    { name: t('routes:address'), value: <code className={classes.code}>{route.address}</code> },
    { name: t('routes:from'), value: route.from || '–' },
  ]
  if (state) {
    facts.push({ name: t('routes:since'), value: <Time at={state.changed_at} /> })
    facts.push({ name: t('routes:node'), value: state.node })
  }
  return (
    <>
      <Facts facts={facts} />
      {state?.error && (
        <p className={classes.error}>
          <span className={classes.soft}>
            {t('routes:lastError')} {state.error_at && <Time at={state.error_at} />}
          </span>
          <code className={classes.code}>{state.error}</code>
        </p>
      )}
    </>
  )
}

function Remove({ kind }: { kind: Kind }) {
  const { t } = useTranslation('routes')
  const client = useQueryClient()
  const confirm = useConfirm()
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      ok(api.DELETE('/api/v1/back-office/routes/{kind}', { params: { path: { kind } } })),
    onSuccess: () => toastGood(t('routes:removed')),
    onError: (error) => toastProblem(t, error),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: routesQuery.queryKey })
      void client.invalidateQueries({ queryKey: siteQuery.queryKey })
    },
  })
  const ask = async () => {
    const sure = await confirm({
      title: t(`routes:${kind}.remove`),
      text: t(`routes:${kind}.removeText`),
      action: t('routes:remove'),
      danger: true,
    })
    if (sure) mutate()
  }
  return (
    <Button variant="default" size="xs" loading={isPending} onClick={() => void ask()}>
      {t('routes:remove')}
    </Button>
  )
}
