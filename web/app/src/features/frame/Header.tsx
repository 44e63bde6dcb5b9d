import { UnstyledButton } from '@mantine/core'
import { IconPlugConnectedX, IconSearch } from '@tabler/icons-react'
import type { ReactNode, Ref } from 'react'
import { useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { modKey } from '@/lib/keys/shortcuts'
import { useConnectionState } from '@/lib/realtime/realtime'
import { useSession } from '@/lib/session/session'
import { BalanceMenu } from './BalanceMenu'
import classes from './Header.module.css'
import { NameMenu } from './NameMenu'
import { openPalette } from './openPalette'

/** Header is the bar on top: search, what the page puts there, the balance, the bell and one's own name. */
export function Header({ slotRef, bell }: { slotRef: Ref<HTMLDivElement>; bell?: ReactNode }) {
  const { t } = useTranslation('frame')
  const { may } = useSession()
  return (
    <header className={classes.header}>
      <UnstyledButton
        className={classes.search}
        onClick={openPalette}
        aria-label={t('frame:palette.open')}
      >
        <IconSearch size={16} aria-hidden />
        <span className={classes.searchText}>{t('frame:palette.open')}</span>
        <kbd className={classes.key}>{modKey} K</kbd>
      </UnstyledButton>
      <div ref={slotRef} className={classes.slot} />
      <Offline />
      {may('balance.view') && <BalanceMenu />}
      {bell}
      <NameMenu />
    </header>
  )
}

/** Offline says in words that the page is no longer live; short drops are not worth a word. */
function Offline() {
  const { t } = useTranslation('frame')
  const state = useConnectionState()
  const [shown, setShown] = useState(false)
  useEffect(() => {
    if (state !== 'offline') {
      setShown(false)
      return
    }
    const timer = setTimeout(() => setShown(true), 1_500)
    return () => clearTimeout(timer)
  }, [state])
  return (
    <span role="status" className={classes.offlinePlace}>
      {shown && (
        <span className={classes.offline}>
          <IconPlugConnectedX size={16} aria-hidden />
          <span className={classes.offlineText}>{t('frame:offline')}</span>
        </span>
      )}
    </span>
  )
}
