import { Popover, Skeleton, Stack } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { cloneElement, type MouseEventHandler, type ReactElement, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { problemText } from '@/lib/api/problemText'
import type { Assignment } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Avatar } from '@/ui/Avatar'
import { Time } from '@/ui/Time'
import { panelKeys } from '../data/api'
import { usePanel } from '../data/PanelContext'
import { decisionFor, inOrder, wayOf, whyNotOf } from '../model/decision'
import classes from './Explain.module.css'

interface Props {
  session: string
  /** Whose assignment is asked about; null for whoever it was. */
  operator: number | null
  /** When, if the question is about one line of the thread. */
  at?: string
  children: ReactElement<{ onClick?: MouseEventHandler; 'aria-expanded'?: boolean }>
}

/** WhyMe opens the stored decision: by which rule, who else was there, and why it was not them. */
export function WhyMe({ session, operator, at, children }: Props) {
  const { t } = useTranslation('panel')
  const [open, setOpen] = useState(false)
  return (
    <Popover
      opened={open}
      onChange={setOpen}
      width={360}
      position="bottom-start"
      shadow="md"
      trapFocus
      returnFocus
      withinPortal
    >
      <Popover.Target>
        {cloneElement(children, { onClick: () => setOpen(!open), 'aria-expanded': open })}
      </Popover.Target>
      <Popover.Dropdown className={classes.dropdown} aria-label={t('panel:why.title')}>
        <Decision session={session} operator={operator} at={at ?? null} />
      </Popover.Dropdown>
    </Popover>
  )
}

interface DecisionProps {
  session: string
  operator: number | null
  at: string | null
}

function Decision({ session, operator, at }: DecisionProps) {
  const { t } = useTranslation('panel')
  const { company, me } = usePanel()
  const query = useQuery({
    queryKey: panelKeys.assignments(company, session),
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/sessions/{session}/assignments', {
          params: { path: { company, session } },
        }),
      ),
    staleTime: 5_000,
  })
  if (query.error && !query.data) {
    return <p className={classes.text}>{problemText(t, query.error)}</p>
  }
  if (!query.data) {
    return (
      <Stack gap={8} role="status" aria-label={t('ui:loading')}>
        <Skeleton height={14} width="60%" />
        <Skeleton height={28} />
        <Skeleton height={28} />
      </Stack>
    )
  }
  const decision = decisionFor(query.data.items ?? [], operator, at)
  if (!decision) return <p className={classes.text}>{t('panel:why.none')}</p>
  const mine = decision.operator?.id === me
  return (
    <>
      <h3 className={classes.title}>
        {!decision.operator
          ? t('panel:why.titleQueue')
          : mine
            ? t('panel:why.title')
            : t('panel:why.titleOther', { name: decision.operator.name })}
      </h3>
      <p className={classes.text}>{t(`panel:why.way.${wayOf(decision)}`)}</p>
      <ByHand decision={decision} />
      <p className={classes.soft}>
        <Time at={decision.at} seconds />
      </p>
      <Candidates decision={decision} />
    </>
  )
}

/** Who decided, when a person did, and what they said. */
function ByHand({ decision }: { decision: Assignment }) {
  const { t } = useTranslation('panel')
  const { me } = usePanel()
  const { by_user, comment, operator } = decision
  const other = by_user && by_user.id !== operator?.id
  return (
    <>
      {other && (
        <p className={classes.text}>
          {by_user.id === me ? t('panel:why.byMe') : t('panel:why.by', { name: by_user.name })}
        </p>
      )}
      {comment && (
        <p className={classes.reason} dir="auto">
          {comment}
        </p>
      )}
    </>
  )
}

function Candidates({ decision }: { decision: Assignment }) {
  const { t } = useTranslation('panel')
  const candidates = inOrder(decision.reason.candidates ?? [])
  if (candidates.length === 0) return null
  return (
    <ul className={classes.candidates}>
      {candidates.map((c) => {
        const why = whyNotOf(c)
        return (
          <li key={c.user_id} className={classes.candidate} data-chosen={c.chosen}>
            <Avatar name={c.name} size={24} state={c.online ? 'online' : 'offline'} />
            <span className={classes.words}>
              <span className={classes.name}>{c.name}</span>
              <span className={classes.soft}>
                {c.chosen ? t('panel:why.chosen') : why ? t(`panel:why.not.${why}`) : ''}
              </span>
            </span>
            <span className={classes.load}>
              {t('panel:handOver.load', { open: c.open, limit: c.limit })}
            </span>
          </li>
        )
      })}
    </ul>
  )
}
