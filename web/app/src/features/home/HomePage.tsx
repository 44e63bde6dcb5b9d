import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Page } from '@/ui/Page'
import { ChatsCard } from './ChatsCard'
import classes from './HomePage.module.css'
import { MoneyCard } from './MoneyCard'
import { Setup } from './Setup'
import { Today } from './Today'

/** HomePage is where the day of a company begins: what is left to set up, how today goes, how long the money lasts. */
export function HomePage() {
  const { t } = useTranslation('home')
  const { user, company, may } = useSession()
  const first = user.name.trim().split(/\s+/)[0] ?? ''
  return (
    <Page title={t('home:title', { name: first })} lead={company.name}>
      {may('chats.view') && may('panel.use') && <Setup />}
      {may('panel.use') && <Today />}
      <div className={classes.cards}>
        {may('balance.view') && <MoneyCard />}
        {may('chats.view') && <ChatsCard />}
      </div>
    </Page>
  )
}
