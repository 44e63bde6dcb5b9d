import { ActionIcon, Button, Drawer, Tooltip } from '@mantine/core'
import { IconAdjustmentsHorizontal, IconInbox, IconSearchOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import type { DialogHead } from '@/lib/api/types'
import { countsQuery } from '@/lib/data/panel'
import { useTranslation } from '@/lib/i18n/i18n'
import { useShortcuts } from '@/lib/keys/shortcuts'
import { useSession } from '@/lib/session/session'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { SearchField } from '@/ui/SearchField'
import { useDialogs } from '../data/useDialogs'
import { useOwnState } from '../data/useOwnState'
import { usePanelAddress } from '../data/usePanelAddress'
import { narrowedBy, withoutFilters } from '../model/filters'
import { heldOrder, neighbour } from '../model/heads'
import { type View, views } from '../model/search'
import classes from './DialogList.module.css'
import { FilterChipsRow, Filters } from './Filters'
import { ListSkeleton } from './ListSkeleton'
import { Rows } from './Rows'
import { useHold } from './useHold'

const none: DialogHead[] = []

interface Props {
  className?: string
  /** Whether filters come up from below, as on a phone, where they would hide the list. */
  sheet: boolean
}

/** DialogList is the left column: what there is to answer. */
export function DialogList({ className, sheet }: Props) {
  const { t } = useTranslation('panel')
  const { company } = useSession()
  const { dialog, search, filter, setSearch, openDialog } = usePanelAddress()
  const [filtersOpen, setFiltersOpen] = useState(false)
  const closeFilters = () => setFiltersOpen(false)
  const list = useDialogs(company.id, filter)
  const items = list.items ?? none
  const hold = useHold(items)
  const rows = useMemo(() => (hold.order ? heldOrder(hold.order, items) : items), [hold, items])
  const narrowed = narrowedBy(search)

  const step = (by: 1 | -1) => {
    const next = neighbour(rows, dialog, by)
    if (next) openDialog(next)
    else if (by === 1) list.loadMore()
  }
  useShortcuts([
    { code: 'KeyJ', shown: 'J', label: t('panel:keys.next'), run: () => step(1) },
    { code: 'KeyK', shown: 'K', label: t('panel:keys.previous'), run: () => step(-1) },
  ])

  return (
    <section className={`${classes.column} ${className ?? ''}`} aria-label={t('panel:list.label')}>
      <div className={classes.top}>
        <div className={classes.search}>
          <div className={classes.field}>
            <SearchField
              value={search.q ?? ''}
              onChange={(q) => setSearch({ q: q || undefined }, { replace: true })}
              placeholder={t('panel:list.search')}
            />
          </div>
          <Tooltip label={t('panel:filters.open')}>
            <ActionIcon
              variant={filtersOpen || narrowed > 0 ? 'light' : 'default'}
              color="accent"
              size={36}
              aria-expanded={filtersOpen}
              aria-label={
                narrowed > 0
                  ? t('panel:filters.openWith', { count: narrowed })
                  : t('panel:filters.open')
              }
              onClick={() => setFiltersOpen(!filtersOpen)}
            >
              <IconAdjustmentsHorizontal size={18} stroke={1.7} />
            </ActionIcon>
          </Tooltip>
        </div>
        {filtersOpen && !sheet ? <Filters onClose={closeFilters} /> : <FilterChipsRow />}
        {sheet && (
          <Drawer
            opened={filtersOpen}
            onClose={closeFilters}
            position="bottom"
            size="min(740px, 90dvh)"
            title={t('panel:filters.open')}
            closeButtonProps={{ 'aria-label': t('ui:close') }}
          >
            <Filters onClose={closeFilters} inSheet />
          </Drawer>
        )}
        <Tabs />
      </div>
      {list.error && !list.items ? (
        <div className={classes.fill}>
          <ErrorState error={list.error} onRetry={list.retry} />
        </div>
      ) : !list.items ? (
        <ListSkeleton />
      ) : rows.length === 0 ? (
        <div className={classes.fill}>
          <Nothing view={filter.view} narrowed={narrowed > 0 || search.q !== undefined} />
        </div>
      ) : (
        <Rows
          key={filter.view}
          heads={rows}
          opened={dialog}
          view={filter.view}
          stale={list.stale}
          hasMore={list.hasMore}
          loadingMore={list.loadingMore}
          moreError={list.moreError}
          onMore={list.loadMore}
          onHold={hold.hold}
          onRelease={hold.release}
        />
      )}
    </section>
  )
}

function Tabs() {
  const { t } = useTranslation('panel')
  const { company } = useSession()
  const { dialog, search, filter } = usePanelAddress()
  const counts = useQuery(countsQuery(company.id)).data
  const countOf = (view: View) => (view === 'mine' || view === 'queue' ? counts?.[view] : undefined)
  return (
    <nav className={classes.tabs} aria-label={t('panel:views.label')}>
      {views.map((view) => {
        const count = countOf(view)
        const common = {
          className: classes.tab,
          'data-on': view === filter.view,
          activeOptions: { exact: true, includeSearch: true, explicitUndefined: true },
          search: { ...search, view: view === 'mine' ? undefined : view },
        }
        const content = (
          <>
            {t(`panel:views.${view}`)}
            {count !== undefined && count > 0 && (
              <span className={classes.count} data-loud={view === 'queue'}>
                {count > 999 ? '999+' : count}
              </span>
            )}
          </>
        )
        return dialog ? (
          <Link
            key={view}
            to="/c/$company/panel/$dialog"
            params={{ company: company.id, dialog }}
            {...common}
          >
            {content}
          </Link>
        ) : (
          <Link key={view} to="/c/$company/panel" params={{ company: company.id }} {...common}>
            {content}
          </Link>
        )
      })}
    </nav>
  )
}

function Nothing({ view, narrowed }: { view: View; narrowed: boolean }) {
  const { t } = useTranslation('panel')
  const { search, replaceSearch, setSearch } = usePanelAddress()
  const { company } = useSession()
  const { own, change } = useOwnState()
  const queue = useQuery(countsQuery(company.id)).data?.queue ?? 0
  if (narrowed) {
    return (
      <Empty
        picture={<IconSearchOff />}
        title={t('panel:empty.found')}
        text={t('panel:empty.foundText')}
        action={
          <Button variant="default" onClick={() => replaceSearch(withoutFilters(search))}>
            {t('ui:clear')}
          </Button>
        }
      />
    )
  }
  const away = view === 'mine' && own !== undefined && own.state !== 'online'
  return (
    <Empty
      picture={<IconInbox />}
      title={t(`panel:empty.${view}`)}
      text={t(away ? 'panel:emptyText.away' : `panel:emptyText.${view}`)}
      action={
        away ? (
          <Button onClick={() => change('online')}>{t('panel:empty.goOnline')}</Button>
        ) : view === 'mine' && queue > 0 ? (
          <Button variant="default" onClick={() => setSearch({ view: 'queue' })}>
            {t('panel:empty.toQueue', { count: queue })}
          </Button>
        ) : undefined
      }
    />
  )
}
