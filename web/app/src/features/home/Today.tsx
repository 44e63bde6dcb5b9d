import { useThrottledCallback } from '@mantine/hooks'
import { formatDuration } from '@parley/shared/time'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { countsQuery, operatorsQuery, panelFiguresQuery } from '@/lib/data/panel'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useRealtime, useReconnected } from '@/lib/realtime/realtime'
import { useSession } from '@/lib/session/session'
import { Counter, Counters } from '@/ui/Counter'
import { ErrorState } from '@/ui/ErrorState'

const unknown = '–'

/** Today is how the day goes, as it goes. */
export function Today() {
  const { t } = useTranslation('home')
  const locale = useLocale()
  const { company } = useSession()
  const counts = useQuery(countsQuery(company.id))
  const figures = useQuery(panelFiguresQuery(company.id))
  const operators = useQuery(operatorsQuery(company.id))
  useLive(company.id)

  if (counts.isError)
    return <ErrorState error={counts.error} onRetry={() => void counts.refetch()} />
  const all = operators.data?.items
  const online = all?.filter((operator) => operator.state === 'online').length
  const panel = { to: '/c/$company/panel', params: { company: company.id } } as const
  const share = (value: number | null | undefined) =>
    value === undefined
      ? undefined
      : value === null
        ? unknown
        : value.toLocaleString(locale, { style: 'percent' })
  const median = figures.data?.first_answer_median_s
  return (
    <Counters label={t('home:today.title')}>
      <Counter
        name={t('home:today.queue')}
        value={counts.data?.queue}
        meaning={counts.data?.queue ? 'warning' : undefined}
        link={panel}
      />
      <Counter
        name={t('home:today.closed')}
        value={figures.data?.sessions_closed_today}
        link={panel}
      />
      <Counter
        name={t('home:today.firstAnswer')}
        value={
          figures.data &&
          (median === null || median === undefined ? unknown : formatDuration(median, locale))
        }
        hint={t('home:today.median')}
      />
      <Counter
        name={t('home:today.sl1')}
        value={share(figures.data && (figures.data.sl1 ?? null))}
        hint={t('home:today.sl1Help')}
      />
      <Counter
        name={t('home:today.sl2')}
        value={share(figures.data && (figures.data.sl2 ?? null))}
        hint={t('home:today.sl2Help')}
      />
      <Counter
        name={t('home:today.operators')}
        value={online}
        meaning={online === 0 ? 'bad' : undefined}
        hint={all && t('home:today.ofOperators', { count: all.length })}
        link={panel}
      />
    </Counters>
  )
}

function useLive(company: number): void {
  const client = useQueryClient()
  const refresh = useThrottledCallback(() => {
    for (const { queryKey } of [
      countsQuery(company),
      panelFiguresQuery(company),
      operatorsQuery(company),
    ]) {
      void client.invalidateQueries({ queryKey })
    }
  }, 5_000)
  useRealtime('head', refresh)
  useRealtime('operator', refresh)
  useReconnected(refresh)
}
