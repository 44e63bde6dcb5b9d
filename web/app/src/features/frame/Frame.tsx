import { Outlet, useParams } from '@tanstack/react-router'
import { type ReactNode, Suspense, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { ShortcutProvider } from '@/lib/keys/shortcuts'
import { RealtimeProvider } from '@/lib/realtime/realtime'
import { SessionProvider } from '@/lib/session/session'
import { ConfirmProvider } from '@/ui/Confirm'
import { HeaderPlace } from '@/ui/HeaderSlot'
import { RowSkeletons } from '@/ui/Skeletons'
import { Toasts } from '@/ui/Toasts'
import { WaitingTitle } from '@/ui/Waiting'
import classes from './Frame.module.css'
import { Header } from './Header'
import { Keys } from './Keys'
import { Rail } from './Rail'
import { SignedOut } from './SignedOut'
import { useAfterOutage } from './useAfterOutage'
import { useOwnSettings } from './useOwnSettings'

interface Props {
  /** What must be seen above every page. */
  above?: ReactNode
  /** The bell in the header. */
  bell?: ReactNode
}

/** Frame stands around every page of a company; another company begins from scratch. */
export function Frame({ above, bell }: Props) {
  const { company } = useParams({ from: '/c/$company' })
  return (
    <SessionProvider company={company} key={company}>
      <RealtimeProvider company={company}>
        <ShortcutProvider>
          <ConfirmProvider>
            <Layout above={above} bell={bell} />
          </ConfirmProvider>
        </ShortcutProvider>
      </RealtimeProvider>
    </SessionProvider>
  )
}

function Layout({ above, bell }: Props) {
  const { t } = useTranslation('frame')
  const [place, setPlace] = useState<HTMLElement | null>(null)
  useOwnSettings()
  useAfterOutage()
  return (
    <HeaderPlace value={place}>
      <div className={classes.frame}>
        <a href="#content" className={classes.skip}>
          {t('frame:skip')}
        </a>
        <Rail />
        <Header slotRef={setPlace} bell={bell} />
        <div className={classes.above}>{above}</div>
        <main id="content" tabIndex={-1} className={classes.main}>
          <Suspense
            fallback={
              <>
                <WaitingTitle />
                <RowSkeletons />
              </>
            }
          >
            <Outlet />
          </Suspense>
        </main>
      </div>
      <Keys />
      <SignedOut />
      <Toasts />
    </HeaderPlace>
  )
}
