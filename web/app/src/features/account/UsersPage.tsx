import { IconUsers } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { CompanyUser } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { companyQuery } from '@/lib/data/company'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Avatar } from '@/ui/Avatar'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { ClearFilters } from '@/ui/FilterChips'
import { type Column, List } from '@/ui/List'
import { Page } from '@/ui/Page'
import { RowButton } from '@/ui/RowButton'
import { SearchField } from '@/ui/SearchField'
import { StateBadge } from '@/ui/StateBadge'
import { Time } from '@/ui/Time'
import { Toolbar } from '@/ui/Toolbar'
import { UserDialog } from './UserDialog'
import classes from './UsersPage.module.css'

const route = getRouteApi('/c/$company/users')

/** UsersPage lists the people of the company with their roles and limits. */
export function UsersPage() {
  const { t } = useTranslation('account')
  const { company, may } = useSession()
  const { q = '', open } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useList<CompanyUser>(['users', company.id, 'list', q], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/users', {
        params: { path: { company: company.id }, query: { q: q || undefined, cursor, limit: 50 } },
      }),
    ),
  )
  const show = (id: number | undefined) =>
    void navigate({
      search: (old) => ({ ...old, open: id === undefined ? undefined : String(id) }),
    })
  const opened = list.rows?.find((user) => String(user.id) === open)
  return (
    <Page title={t('account:users.title')} lead={t('account:users.lead')}>
      <Toolbar>
        <SearchField
          value={q}
          placeholder={t('account:users.search')}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, q: next || undefined }), replace: true })
          }
        />
        <ClearFilters on={q !== ''} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('account:users.title')}
        list={list}
        columns={useColumns(may('users.manage') ? show : undefined)}
        rowKey={(user) => user.id}
        empty={
          <Empty
            picture={<IconUsers />}
            title={t('account:nothing')}
            text={t('account:nothingText')}
          />
        }
      />
      {opened && may('users.manage') && (
        <UserDialog key={opened.id} user={opened} onClose={() => show(undefined)} />
      )}
    </Page>
  )
}

function useColumns(show: ((id: number) => void) | undefined): Column<CompanyUser>[] {
  const { t } = useTranslation('account')
  const { company } = useSession()
  const { data } = useQuery(companyQuery(company.id))
  return [
    {
      key: 'name',
      title: t('account:users.name'),
      cell: (user) => (
        <span className={classes.person}>
          <Avatar name={user.name} state={user.state} />
          <RowButton onClick={show && (() => show(user.id))}>{user.name}</RowButton>
        </span>
      ),
    },
    {
      key: 'email',
      title: t('account:users.contact'),
      cell: (user) => (
        <>
          {user.email}
          {user.phone && <span className={classes.soft}>{user.phone}</span>}
        </>
      ),
    },
    {
      key: 'roles',
      title: t('account:users.roles'),
      cell: (user) => user.roles.map((role) => t(`account:role.${role}.name`)).join(', '),
    },
    {
      key: 'limit',
      title: t('account:users.limit'),
      align: 'end',
      cell: (user) =>
        user.dialog_limit ?? (
          <span className={classes.soft} title={t('account:users.asCompany')}>
            {data?.max_dialogs ?? '–'}
          </span>
        ),
    },
    {
      key: 'state',
      title: t('account:users.state'),
      cell: (user) =>
        user.blocked ? (
          <StateBadge meaning="bad">{t('account:users.blocked')}</StateBadge>
        ) : (
          <StateBadge meaning={meanings[user.state]}>{t(`account:state.${user.state}`)}</StateBadge>
        ),
    },
    {
      key: 'seen',
      title: t('account:users.seen'),
      wideOnly: true,
      cell: (user) =>
        user.last_seen_at ? <Time at={user.last_seen_at} /> : t('account:users.never'),
    },
    {
      key: 'id',
      title: 'ID',
      align: 'end',
      wideOnly: true,
      cell: (user) => <CopyId id={user.id} />,
    },
  ]
}

const meanings = { online: 'good', pause: 'warning', offline: 'neutral' } as const
