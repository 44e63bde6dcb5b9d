import { localDay } from '@parley/shared/time'
import { useTranslation } from '@/lib/i18n/i18n'
import type { Period } from '@/lib/period'
import { useSession } from '@/lib/session/session'
import { ClearFilters, FilterChips } from '@/ui/FilterChips'
import { PeriodPicker } from '@/ui/PeriodPicker'
import { SearchField } from '@/ui/SearchField'
import { Toolbar } from '@/ui/Toolbar'
import { isFiltered, periodOf } from './model'
import { choices, type InvoiceSearch, kinds, states } from './search'

interface Props {
  search: InvoiceSearch
  /** What people look for by typing. */
  placeholder: string
  period: Period
  /** Offers all that waits for money as one choice, as sellers want it. */
  withUnpaid?: boolean
  onChange: (search: InvoiceSearch, typing?: boolean) => void
}

/** Filters are search, period, kind and state above a list of invoices. */
export function Filters({ search, placeholder, period, withUnpaid, onChange }: Props) {
  const { t } = useTranslation('billing')
  return (
    <>
      <Toolbar>
        <SearchField
          value={search.q ?? ''}
          placeholder={placeholder}
          onChange={(q) => onChange({ ...search, q: q || undefined }, true)}
        />
        <PeriodPicker
          value={period}
          onChange={({ from, to }) =>
            onChange({ ...search, from, to, period: from || to ? undefined : 'all' })
          }
        />
        <ClearFilters on={isFiltered(search)} onClear={() => onChange({ sort: search.sort })} />
      </Toolbar>
      <Toolbar>
        <FilterChips
          label={t('billing:filter.state')}
          options={(withUnpaid ? choices : states).map((value) => ({
            value,
            label: t(`billing:state.${value}`),
          }))}
          value={search.state}
          onChange={(state) => onChange({ ...search, state })}
        />
        <FilterChips
          label={t('billing:filter.kind')}
          options={kinds.map((value) => ({ value, label: t(`billing:kind.${value}`) }))}
          value={search.kind}
          onChange={(kind) => onChange({ ...search, kind })}
        />
      </Toolbar>
    </>
  )
}

/** useToday is the day that it is in the company's zone. */
export function useToday(): string {
  return localDay(new Date(), useSession().company.time_zone)
}

/** usePeriod is the period that the company's own list shows. */
export function usePeriod(search: InvoiceSearch): Period {
  return periodOf(search, useToday())
}
