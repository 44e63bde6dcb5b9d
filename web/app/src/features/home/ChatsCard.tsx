import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { chatsQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { ErrorState } from '@/ui/ErrorState'
import { ButtonLink } from '@/ui/links'
import { RowSkeletons } from '@/ui/Skeletons'
import { StateBadge } from '@/ui/StateBadge'
import classes from './HomePage.module.css'

/** ChatsCard leads to the chats of the company; nobody served by any group is said in red. */
export function ChatsCard() {
  const { t } = useTranslation('home')
  const { company } = useSession()
  const { data, error, refetch } = useQuery(chatsQuery(company.id))
  const live = data?.filter((chat) => chat.state === 'active')
  return (
    <Card
      flush
      title={t('home:chats.title')}
      actions={
        <ButtonLink
          to="/c/$company/chats"
          params={{ company: company.id }}
          variant="default"
          size="xs"
        >
          {t('home:chats.all')}
        </ButtonLink>
      }
    >
      {error && !data && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !data && <RowSkeletons rows={3} />}
      {live?.length === 0 && (
        <p className={`${classes.soft} ${classes.pad}`}>{t('home:chats.none')}</p>
      )}
      {live && live.length > 0 && (
        <ul className={classes.chats}>
          {live.slice(0, 5).map((chat) => (
            <li key={chat.id}>
              <Link
                to="/c/$company/chats/$chat"
                params={{ company: company.id, chat: chat.id }}
                className={classes.chat}
              >
                {chat.name}
                {(chat.groups?.length ?? 0) === 0 && (
                  <StateBadge meaning="bad">{t('home:chats.noGroup')}</StateBadge>
                )}
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
