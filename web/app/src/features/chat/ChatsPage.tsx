import { Group } from '@mantine/core'
import { IconMessages } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Chat, Group as OperatorGroup } from '@/lib/api/types'
import { chatsQuery, groupsQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { hasText, type TFunction } from '@/lib/i18n/texts'
import { useSession } from '@/lib/session/session'
import { Empty } from '@/ui/Empty'
import { ClearFilters, FilterChips } from '@/ui/FilterChips'
import { type Column, List, wholeList } from '@/ui/List'
import { ButtonLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { StateBadge } from '@/ui/StateBadge'
import { Toolbar } from '@/ui/Toolbar'
import { ChatSections } from './ChatSections'

const route = getRouteApi('/c/$company/chats')

/** ChatsPage lists the chats of the company. */
export function ChatsPage() {
  const { t } = useTranslation('chat')
  const { company, may } = useSession()
  const { q = '', state } = route.useSearch()
  const navigate = route.useNavigate()
  const chats = useQuery(chatsQuery(company.id))
  const groups = useQuery(groupsQuery(company.id)).data ?? []
  const wanted = q.trim().toLocaleLowerCase()
  const list = wholeList(
    chats,
    (chat) =>
      chat.state === (state ?? 'active') &&
      (chat.name.toLocaleLowerCase().includes(wanted) || String(chat.number) === wanted),
  )
  const filtered = q !== '' || state !== undefined
  const create = may('chats.manage') && (
    <ButtonLink to="/c/$company/chats/new" params={{ company: company.id }}>
      {t('chat:list.create')}
    </ButtonLink>
  )
  return (
    <Page title={t('chat:list.title')} actions={create}>
      <ChatSections on="chats" />
      <Toolbar>
        <SearchField
          value={q}
          placeholder={t('chat:list.search')}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, q: next || undefined }), replace: true })
          }
        />
        <FilterChips
          label={t('chat:list.state')}
          options={[{ value: 'archived', label: t('chat:list.archived') }]}
          value={state}
          onChange={(next) => void navigate({ search: (old) => ({ ...old, state: next }) })}
        />
        <ClearFilters on={filtered} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('chat:list.title')}
        list={list}
        columns={useColumns(company.id, groups)}
        rowKey={(chat) => chat.id}
        empty={
          filtered ? (
            <Empty
              picture={<IconMessages />}
              title={t('chat:list.nothing')}
              text={t('chat:list.nothingText')}
            />
          ) : (
            <Empty
              picture={<IconMessages />}
              title={t('chat:list.empty')}
              text={t('chat:list.emptyText')}
              action={create}
            />
          )
        }
      />
    </Page>
  )
}

function useColumns(company: number, groups: OperatorGroup[]): Column<Chat>[] {
  const { t } = useTranslation('chat')
  return [
    {
      key: 'name',
      title: t('chat:list.name'),
      cell: (chat) => (
        <Link to="/c/$company/chats/$chat" params={{ company, chat: chat.id }} className="rowLink">
          {chat.name}
        </Link>
      ),
    },
    {
      key: 'number',
      title: t('chat:list.number'),
      cell: (chat) => chat.number,
      align: 'end',
      width: '90px',
    },
    {
      key: 'groups',
      title: t('chat:list.groups'),
      cell: (chat) => <GroupNames chat={chat} groups={groups} />,
    },
    {
      key: 'sharing',
      title: t('chat:list.sharing'),
      cell: (chat) => t(`chat:sharing.${chat.sharing}.name`),
      wideOnly: true,
    },
    {
      key: 'channels',
      title: t('chat:list.channels'),
      wideOnly: true,
      cell: (chat) =>
        chat.connections.length > 0
          ? chat.connections.map(({ channel }) => channelName(t, channel)).join(', ')
          : t('chat:list.noChannel'),
    },
  ]
}

function GroupNames({ chat, groups }: { chat: Chat; groups: OperatorGroup[] }) {
  const { t } = useTranslation('chat')
  const own = groups.filter((group) => chat.groups.includes(group.id))
  if (chat.groups.length === 0)
    return <StateBadge meaning="bad">{t('chat:list.noGroup')}</StateBadge>
  return (
    <Group gap={6} wrap="wrap" component="span">
      {own.map((group) => (
        <StateBadge key={group.id} meaning={group.members.length === 0 ? 'bad' : 'neutral'}>
          {group.name}
        </StateBadge>
      ))}
    </Group>
  )
}

function channelName(t: TFunction, channel: string): string {
  const key = `chat:channel.${channel}`
  return hasText(key) ? t(key) : channel
}
