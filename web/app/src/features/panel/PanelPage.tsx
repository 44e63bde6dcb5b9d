import { Drawer } from '@mantine/core'
import { useElementSize } from '@mantine/hooks'
import { IconMessages } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { countsQuery } from '@/lib/data/panel'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Empty } from '@/ui/Empty'
import { PanelBar } from './bar/PanelBar'
import { ContactCard } from './card/ContactCard'
import { PanelProvider } from './data/PanelContext'
import { usePanelAddress } from './data/usePanelAddress'
import { usePanelLive } from './data/usePanelLive'
import { DialogList } from './list/DialogList'
import classes from './Panel.module.css'
import { Thread } from './thread/Thread'

/** PanelPage is where operators answer: dialogs, the thread, the contact. */
export function PanelPage() {
  return (
    <PanelProvider>
      <Panel />
    </PanelProvider>
  )
}

/** Mode is how many of the three parts fit beside each other without squeezing the thread. */
export type Mode = 'pages' | 'drawer' | 'full'

function modeOf(width: number): Mode {
  if (width < 750) return 'pages'
  return width < 1040 ? 'drawer' : 'full'
}

function guessedWidth(): number {
  const window_ = window.innerWidth
  return window_ - (window_ < 640 ? 0 : window_ < 1100 ? 64 : 232)
}

function Panel() {
  const { t } = useTranslation('panel')
  const { dialog, search, setCard } = usePanelAddress()
  const { ref, width } = useElementSize()
  const mode = modeOf(width || guessedWidth())
  const cardOpen = search.card === true
  usePanelLive(dialog)
  useTitle()

  const at = !dialog ? 'list' : cardOpen && mode === 'pages' ? 'card' : 'thread'
  return (
    <div ref={ref} className={classes.panel} data-mode={mode} data-at={at}>
      <h1 className="visually-hidden">{t('panel:title')}</h1>
      <PanelBar />
      <DialogList className={classes.list} sheet={mode === 'pages'} />
      {dialog ? (
        <Thread key={`thread-${dialog}`} dialog={dialog} mode={mode} className={classes.thread} />
      ) : (
        <div className={`${classes.thread} ${classes.nothing}`}>
          <Empty
            picture={<IconMessages />}
            title={t('panel:noDialog.title')}
            text={t('panel:noDialog.text')}
          />
        </div>
      )}
      {dialog && mode !== 'drawer' && (mode === 'full' || at === 'card') && (
        <ContactCard key={`card-${dialog}`} dialog={dialog} className={classes.card} mode={mode} />
      )}
      {dialog && mode === 'drawer' && (
        <Drawer
          opened={cardOpen}
          onClose={() => setCard(false)}
          position="right"
          size={360}
          title={t('panel:card.title')}
          closeButtonProps={{ 'aria-label': t('ui:close') }}
          styles={{ body: { padding: 0 } }}
        >
          <ContactCard key={dialog} dialog={dialog} mode={mode} />
        </Drawer>
      )}
    </div>
  )
}

/** The browser tab counts what is unread, so that it is seen from another one. */
function useTitle(): void {
  const { t } = useTranslation('panel')
  const { company } = useSession()
  const unread = useQuery(countsQuery(company.id)).data?.unread ?? 0
  useEffect(() => {
    const name = `${t('panel:title')} · ${t('common:name')}`
    document.title = unread > 0 ? `(${unread > 99 ? '99+' : unread}) ${name}` : name
  }, [unread, t])
}
