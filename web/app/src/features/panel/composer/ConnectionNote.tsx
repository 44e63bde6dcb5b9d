import { IconPlugConnectedX } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { useConnectionState } from '@/lib/realtime/realtime'
import classes from './Composer.module.css'

const shortDrop = 2_000

/** ConnectionNote says, where one writes, what happens to what is sent without a connection. */
export function ConnectionNote() {
  const { t } = useTranslation('panel')
  const offline = useConnectionState() === 'offline'
  const [lasting, setLasting] = useState(false)
  useEffect(() => {
    if (!offline) {
      setLasting(false)
      return
    }
    const timer = setTimeout(() => setLasting(true), shortDrop)
    return () => clearTimeout(timer)
  }, [offline])
  return (
    <div role="status">
      {lasting && (
        <div className={classes.offline}>
          <IconPlugConnectedX size={16} aria-hidden />
          {t('panel:composer.offline')}
        </div>
      )}
    </div>
  )
}
