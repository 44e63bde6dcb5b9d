import { IconArrowDown, IconArrowUp } from '@tabler/icons-react'
import type { UseQueryResult } from '@tanstack/react-query'
import { type ReactNode, useEffect, useEffectEvent, useRef } from 'react'
import type { ListState } from '@/lib/api/useList'
import { useTranslation } from '@/lib/i18n/i18n'
import { ErrorState } from './ErrorState'
import classes from './List.module.css'
import { RowSkeletons } from './Skeletons'

export interface Column<T> {
  key: string
  title: string
  cell: (row: T) => ReactNode
  /** Numbers stand at the end so that their digits line up. */
  align?: 'end'
  width?: string
  /** Left out where the window is narrow. */
  wideOnly?: boolean
  /** What the API calls sorting by this column; descending comes first. */
  sort?: string
}

/** Sorting is how a list is sorted, as the API says it: "-issued_at" begins with the latest. */
export interface Sorting {
  by: string
  onChange: (by: string) => void
}

interface Props<T> {
  /** Names the table for screen readers. */
  label: string
  list: ListState<T>
  columns: Column<T>[]
  rowKey: (row: T) => string | number
  /** Shown when there are no rows at all, or none for the filters. */
  empty: ReactNode
  /** Buttons at the end of a row. */
  rowActions?: (row: T) => ReactNode
  sorting?: Sorting
}

/** wholeList shows, through a filter, what one query has read to its end. */
export function wholeList<T>(
  query: UseQueryResult<T[]>,
  keep: (row: T) => boolean = () => true,
): ListState<T> {
  return {
    rows: query.data?.filter(keep),
    error: query.error,
    retry: () => void query.refetch(),
    hasMore: false,
    loadMore: () => undefined,
    loadingMore: false,
    stale: false,
  }
}

/**
 * List is a table with a sticky header that becomes a stack of cards on a phone. A link or
 * button of the class `rowLink` in the first cell covers the whole row.
 */
export function List<T>(props: Props<T>) {
  const { label, list, columns, rowKey, empty, rowActions, sorting } = props
  const { rows, error, retry } = list
  if (error && !rows)
    return (
      <Box>
        <ErrorState error={error} onRetry={retry} />
      </Box>
    )
  if (!rows)
    return (
      <Box>
        <RowSkeletons />
      </Box>
    )
  if (rows.length === 0) return <Box>{empty}</Box>
  return (
    <Box stale={list.stale}>
      {sorting && <SortChoice columns={columns} sorting={sorting} />}
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                data-align={column.align}
                data-wide={column.wideOnly}
                aria-sort={sorting && direction(column, sorting)}
                style={{ width: column.width }}
              >
                {sorting && column.sort ? (
                  <SortButton column={column} sorting={sorting} />
                ) : (
                  column.title
                )}
              </th>
            ))}
            {rowActions && <ActionsHead />}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={rowKey(row)}>
              {columns.map((column) => (
                <td
                  key={column.key}
                  data-title={column.title}
                  data-align={column.align}
                  data-wide={column.wideOnly}
                >
                  <div className={classes.cell}>{column.cell(row)}</div>
                </td>
              ))}
              {rowActions && <td className={classes.rowActions}>{rowActions(row)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <More list={list} />
    </Box>
  )
}

function Box({ children, stale }: { children: ReactNode; stale?: boolean }) {
  return (
    <div className={classes.box} data-stale={stale}>
      {children}
    </div>
  )
}

type Sorted = Pick<Column<never>, 'title' | 'sort'>

function direction({ sort }: Sorted, { by }: Sorting): 'ascending' | 'descending' | undefined {
  if (by === sort) return 'ascending'
  return by === `-${sort}` ? 'descending' : undefined
}

/** SortButton sorts by its column, then the other way round. */
function SortButton({ column, sorting }: { column: Sorted; sorting: Sorting }) {
  const { title, sort } = column
  const now = direction(column, sorting)
  const Arrow = now === 'ascending' ? IconArrowUp : IconArrowDown
  return (
    <button
      type="button"
      className={classes.sort}
      data-on={now !== undefined}
      onClick={() => sorting.onChange(now === 'descending' ? `${sort}` : `-${sort}`)}
    >
      {title}
      <Arrow size={14} aria-hidden />
    </button>
  )
}

/** SortChoice sorts where the list is a stack of cards and has no header. */
function SortChoice({ columns, sorting }: { columns: Sorted[]; sorting: Sorting }) {
  const { t } = useTranslation()
  return (
    <label className={classes.sortChoice}>
      <span>{t('ui:sort.label')}</span>
      <select value={sorting.by} onChange={(event) => sorting.onChange(event.target.value)}>
        {columns.flatMap(({ title, sort }) =>
          sort
            ? [
                <option key={`-${sort}`} value={`-${sort}`}>
                  {t('ui:sort.down', { title })}
                </option>,
                <option key={sort} value={sort}>
                  {t('ui:sort.up', { title })}
                </option>,
              ]
            : [],
        )}
      </select>
    </label>
  )
}

function ActionsHead() {
  const { t } = useTranslation()
  return (
    <th scope="col" className={classes.actionsHead}>
      <span className="visually-hidden">{t('ui:actions')}</span>
    </th>
  )
}

/** More loads the next page when its row comes into view; the button serves the keyboard. */
function More<T>({ list }: { list: ListState<T> }) {
  const { t } = useTranslation()
  const mark = useRef<HTMLDivElement>(null)
  const { hasMore, loadingMore, error } = list
  const seen = useEffectEvent(() => {
    if (hasMore && !loadingMore && !error) list.loadMore()
  })
  useEffect(() => {
    const element = mark.current
    if (!element || !hasMore) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((e) => e.isIntersecting) && seen(),
      {
        rootMargin: '400px',
      },
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [hasMore])

  if (!hasMore) return null
  return (
    <div ref={mark} className={classes.more}>
      {loadingMore ? (
        <RowSkeletons rows={3} />
      ) : (
        <button type="button" className={classes.moreButton} onClick={list.loadMore}>
          {t(error ? 'ui:error.retry' : 'ui:more')}
        </button>
      )}
    </div>
  )
}
