import { formatDuration } from '@parley/shared/time'
import { IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link } from '@tanstack/react-router'
import type { Group } from '@/lib/api/types'
import { groupsQuery } from '@/lib/data/chats'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Empty } from '@/ui/Empty'
import { ClearFilters } from '@/ui/FilterChips'
import { type Column, List, wholeList } from '@/ui/List'
import { ButtonLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { StateBadge } from '@/ui/StateBadge'
import { Toolbar } from '@/ui/Toolbar'
import { ChatSections } from './ChatSections'

const route = getRouteApi('/c/$company/chats/groups')

/** GroupsPage lists operator groups; one without members gets no dialogs, so it is shown in red. */
export function GroupsPage() {
  const { t } = useTranslation('chat')
  const { company, may } = useSession()
  const { q = '' } = route.useSearch()
  const navigate = route.useNavigate()
  const wanted = q.trim().toLocaleLowerCase()
  const list = wholeList(
    useQuery(groupsQuery(company.id)),
    (group) =>
      group.name.toLocaleLowerCase().includes(wanted) ||
      group.members.some((member) => member.name.toLocaleLowerCase().includes(wanted)),
  )
  const create = may('groups.manage') && (
    <ButtonLink to="/c/$company/chats/groups/$group" params={{ company: company.id, group: 'new' }}>
      {t('chat:groups.create')}
    </ButtonLink>
  )
  return (
    <Page title={t('chat:list.title')} actions={create}>
      <ChatSections on="groups" />
      <Toolbar>
        <SearchField
          value={q}
          placeholder={t('chat:groups.search')}
          onChange={(next) => void navigate({ search: { q: next || undefined }, replace: true })}
        />
        <ClearFilters on={q !== ''} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('chat:sections.groups')}
        list={list}
        columns={useColumns(company.id)}
        rowKey={(group) => group.id}
        empty={
          q ? (
            <Empty
              picture={<IconUsersGroup />}
              title={t('chat:list.nothing')}
              text={t('chat:list.nothingText')}
            />
          ) : (
            <Empty
              picture={<IconUsersGroup />}
              title={t('chat:groups.empty')}
              text={t('chat:groups.emptyText')}
              action={create}
            />
          )
        }
      />
    </Page>
  )
}

function useColumns(company: number): Column<Group>[] {
  const { t } = useTranslation('chat')
  const locale = useLocale()
  const target = (seconds: number | null) =>
    seconds === null ? t('chat:groups.asChat') : formatDuration(seconds, locale)
  return [
    {
      key: 'name',
      title: t('chat:groups.name'),
      cell: (group) => (
        <Link
          to="/c/$company/chats/groups/$group"
          params={{ company, group: group.id }}
          className="rowLink"
          style={group.members.length === 0 ? { color: 'var(--p-bad-text)' } : undefined}
        >
          {group.name}
        </Link>
      ),
    },
    {
      key: 'members',
      title: t('chat:groups.members'),
      cell: (group) =>
        group.members.length === 0 ? (
          <StateBadge meaning="bad">{t('chat:groups.nobody')}</StateBadge>
        ) : (
          group.members.map((member) => member.name).join(', ')
        ),
    },
    {
      key: 'first',
      title: t('chat:groups.first'),
      cell: (group) => target(group.first_target_s),
      wideOnly: true,
    },
    {
      key: 'next',
      title: t('chat:groups.next'),
      cell: (group) => target(group.next_target_s),
      wideOnly: true,
    },
    {
      key: 'sharing',
      title: t('chat:list.sharing'),
      cell: (group) =>
        group.sharing ? t(`chat:sharing.${group.sharing}.name`) : t('chat:groups.asChat'),
      wideOnly: true,
    },
  ]
}
