import { Button } from '@mantine/core'
import { formatClock } from '@parley/shared/time'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'

interface Props {
  /** Milliseconds of the clock; before that it makes no sense to ask again. */
  until: number
  loading: boolean
  onClick: () => void
}

/** ResendButton counts down to when a code or letter may be asked for again. */
export function ResendButton({ until, loading, onClick }: Props) {
  const { t } = useTranslation('account')
  const [now, setNow] = useState(Date.now)
  const left = Math.ceil((until - now) / 1000)
  useEffect(() => {
    if (until <= Date.now()) return
    const timer = setInterval(() => setNow(Date.now()), 500)
    return () => clearInterval(timer)
  }, [until])
  return (
    <Button
      variant="subtle"
      size="compact-sm"
      loading={loading}
      disabled={left > 0}
      onClick={onClick}
    >
      {left > 0 ? t('account:resendIn', { time: formatClock(left) }) : t('account:resend')}
    </Button>
  )
}
