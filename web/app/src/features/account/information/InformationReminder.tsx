import { Button } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useLocation } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useState } from 'react'
import { informationQuery } from '@/lib/data/information'
import { useTranslation } from '@/lib/i18n/i18n'
import { takeReminder } from '@/lib/session/reminder'
import { useSession } from '@/lib/session/session'
import classes from './information.module.css'

const InformationWindow = lazy(() =>
  import('./InformationWindow').then((module) => ({ default: module.InformationWindow })),
)

/**
 * InformationReminder stands above every page of the cabinet until the company's information is complete: a window
 * once in a browser session and after each sign-in, a strip otherwise.
 */
export function InformationReminder() {
  const { company, may } = useSession()
  const there = useLocation().pathname.endsWith('/settings/information')
  const [open, setOpen] = useState(false)
  const { data } = useQuery({
    ...informationQuery(company.id),
    enabled: may('company.details'),
  })
  const left = data?.missing.length ?? 0
  const due = left > 0 && may('company.manage') && !there
  useEffect(() => {
    if (due && takeReminder(company.id)) setOpen(true)
  }, [due, company.id])

  if (there) return null
  return (
    <>
      {left > 0 && <Strip left={left} onOpen={() => setOpen(true)} />}
      {open && (
        <Suspense fallback={null}>
          <InformationWindow onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

function Strip({ left, onOpen }: { left: number; onOpen: () => void }) {
  const { t } = useTranslation('reminder')
  return (
    <aside className={classes.strip} aria-label={t('reminder:title')}>
      <IconAlertTriangle size={16} aria-hidden />
      <span className={classes.stripText}>{t('reminder:text', { count: left })}</span>
      <Button variant="default" size="compact-sm" onClick={onOpen}>
        {t('reminder:action')}
      </Button>
    </aside>
  )
}
