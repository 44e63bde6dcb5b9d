import { IconHistory } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { AuditEntry } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useTranslation } from '@/lib/i18n/i18n'
import { hasText } from '@/lib/i18n/texts'
import { instants } from '@/lib/period'
import { useSession } from '@/lib/session/session'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { ClearFilters } from '@/ui/FilterChips'
import { type Column, List } from '@/ui/List'
import { Page } from '@/ui/Page'
import { PeriodPicker } from '@/ui/PeriodPicker'
import { SearchField } from '@/ui/SearchField'
import { Time } from '@/ui/Time'
import { Toolbar } from '@/ui/Toolbar'
import classes from './AuditPage.module.css'
import { changes, type Difference } from './auditChanges'
import { CompanySections } from './CompanySections'

const route = getRouteApi('/c/$company/settings/audit-trail')

/** AuditPage says who changed what and when; nothing in it can be changed or removed. */
export function AuditPage() {
  const { t } = useTranslation('account')
  const { company } = useSession()
  const { q = '', from, to } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useList<AuditEntry>(['audit-trail', company.id, q, from, to], (cursor) =>
    ok(
      api.GET('/api/v1/companies/{company}/audit-trail', {
        params: {
          path: { company: company.id },
          query: {
            q: q || undefined,
            ...instants({ from, to }, company.time_zone),
            cursor,
            limit: 50,
          },
        },
      }),
    ),
  )
  const filtered = Boolean(q || from || to)
  return (
    <Page title={t('account:company.title')} lead={t('account:audit.lead')}>
      <CompanySections on="audit" />
      <Toolbar>
        <SearchField
          value={q}
          placeholder={t('account:audit.search')}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, q: next || undefined }), replace: true })
          }
        />
        <PeriodPicker
          value={{ from, to }}
          onChange={(period) => void navigate({ search: (old) => ({ q: old.q, ...period }) })}
        />
        <ClearFilters on={filtered} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('account:company.audit')}
        list={list}
        columns={useColumns()}
        rowKey={(entry) => entry.id}
        empty={
          <Empty
            picture={<IconHistory />}
            title={t(filtered ? 'account:nothing' : 'account:audit.empty')}
            text={t(filtered ? 'account:nothingText' : 'account:audit.emptyText')}
          />
        }
      />
    </Page>
  )
}

function useColumns(): Column<AuditEntry>[] {
  const { t } = useTranslation('account')
  return [
    {
      key: 'what',
      title: t('account:audit.what'),
      cell: (entry) => {
        const action = entry.action.replaceAll('.', '_')
        const key = `account:action.${action}`
        return (
          <>
            {hasText(key) ? t(key) : entry.action}
            <span className={classes.subject}>
              <CopyId id={entry.subject.split(':')[1] ?? ''} label={shortId(entry.subject)} />
            </span>
          </>
        )
      },
    },
    {
      key: 'change',
      title: t('account:audit.change'),
      width: '40%',
      cell: (entry) => <Change entry={entry} />,
    },
    {
      key: 'who',
      title: t('account:audit.who'),
      cell: (entry) => entry.user?.name ?? t('account:audit.system'),
    },
    {
      key: 'when',
      title: t('account:audit.when'),
      cell: (entry) => <Time at={entry.at} seconds />,
    },
    {
      key: 'ip',
      title: t('account:audit.ip'),
      wideOnly: true,
      cell: (entry) => <span className="nowrap">{entry.ip}</span>,
    },
  ]
}

/** A uuid is told apart by its end; numbers stay whole. */
function shortId(subject: string): string {
  const id = subject.split(':')[1] ?? ''
  return id.length > 12 ? `…${id.slice(-8)}` : id
}

const shownAtOnce = 4

/** Change lists what differs; of a long list the rest opens on demand. */
function Change({ entry }: { entry: AuditEntry }) {
  const { t } = useTranslation('account')
  const all = changes(entry.old, entry.new)
  const rest = all.slice(shownAtOnce)
  return (
    <>
      <Differences list={all.slice(0, shownAtOnce)} />
      {rest.length > 0 && (
        <details>
          <summary className={classes.more}>
            {t('account:audit.more', { count: rest.length })}
          </summary>
          <Differences list={rest} />
        </details>
      )}
    </>
  )
}

function Differences({ list }: { list: Difference[] }) {
  return (
    <ul className={classes.changes}>
      {list.map(({ field, before, after }) => (
        <li key={field}>
          <span className={classes.field}>{field}</span>{' '}
          {before !== undefined && (
            <>
              <span className={classes.before}>{before}</span> →{' '}
            </>
          )}
          {after}
        </li>
      ))}
    </ul>
  )
}
