import { Button, CloseButton, Select, Switch, TextInput } from '@mantine/core'
import { addDays, formatDate } from '@parley/shared/time'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { chatsQuery, groupsQuery } from '@/lib/data/chats'
import { operatorsQuery } from '@/lib/data/panel'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { meQuery, useSession } from '@/lib/session/session'
import { PeriodPicker } from '@/ui/PeriodPicker'
import { toastProblem } from '@/ui/toast'
import { usePanelAddress } from '../data/usePanelAddress'
import { narrowedBy, withoutFilters } from '../model/filters'
import { type Order, orders, type PanelSearch } from '../model/search'
import classes from './DialogList.module.css'

const channels = ['web'] as const

function useChoices() {
  const { company } = useSession()
  const chats = useQuery(chatsQuery(company.id)).data ?? []
  const groups = useQuery(groupsQuery(company.id)).data ?? []
  const operators = useQuery(operatorsQuery(company.id)).data?.items ?? []
  return {
    chats: chats.map((c) => ({ value: c.id, label: c.name })),
    groups: groups.map((g) => ({ value: g.id, label: g.name })),
    operators: operators.map((o) => ({ value: String(o.user_id), label: o.name })),
  }
}

/** useOrder sorts now and remembers it as one's own order. */
function useOrder() {
  const { t } = useTranslation('panel')
  const { filter, setSearch } = usePanelAddress()
  const client = useQueryClient()
  const change = async (order: Order) => {
    setSearch({ order })
    try {
      const me = await ok(api.PATCH('/api/v1/me', { body: { dialog_order: order } }))
      client.setQueryData(meQuery.queryKey, me)
    } catch (error) {
      toastProblem(t, error)
    }
  }
  return { order: filter.order, change: (order: Order) => void change(order) }
}

/** Filters narrow the list; each of them is part of the address. */
export function Filters({ onClose, inSheet }: { onClose: () => void; inSheet?: boolean }) {
  const { t } = useTranslation('panel')
  const { search, setSearch, replaceSearch } = usePanelAddress()
  const { chats, groups, operators } = useChoices()
  const { order, change } = useOrder()
  const set = (part: PanelSearch) => setSearch(part, { replace: true })
  const clearLabel = { 'aria-label': t('ui:clear') }
  return (
    <fieldset
      className={classes.filters}
      data-in-sheet={inSheet}
      style={{ minWidth: 0, marginInline: 0 }}
    >
      <legend className="visually-hidden">{t('panel:filters.open')}</legend>
      <Select
        label={t('panel:filters.order')}
        data={orders.map((value) => ({ value, label: t(`panel:order.${value}`) }))}
        value={order}
        allowDeselect={false}
        onChange={(value) => value && change(value)}
      />
      <Switch
        label={t('panel:filters.unanswered')}
        checked={search.unanswered === true}
        onChange={(event) => set({ unanswered: event.currentTarget.checked || undefined })}
      />
      {chats.length > 0 && (
        <Select
          label={t('panel:filters.chat')}
          placeholder={t('panel:filters.any')}
          data={chats}
          value={search.chat ?? null}
          searchable
          clearable
          clearButtonProps={clearLabel}
          onChange={(chat) => set({ chat: chat ?? undefined })}
        />
      )}
      {groups.length > 0 && (
        <Select
          label={t('panel:filters.group')}
          placeholder={t('panel:filters.any')}
          data={groups}
          value={search.group ?? null}
          searchable
          clearable
          clearButtonProps={clearLabel}
          onChange={(group) => set({ group: group ?? undefined })}
        />
      )}
      <Select
        label={t('panel:filters.operator')}
        placeholder={t('panel:filters.any')}
        data={operators}
        value={search.operator ? String(search.operator) : null}
        searchable
        clearable
        clearButtonProps={clearLabel}
        onChange={(operator) => set({ operator: operator ? Number(operator) : undefined })}
      />
      <Select
        label={t('panel:filters.channel')}
        placeholder={t('panel:filters.any')}
        data={channels.map((value) => ({ value, label: t(`panel:channel.${value}`) }))}
        value={search.channel ?? null}
        clearable
        clearButtonProps={clearLabel}
        onChange={(channel) => set({ channel: channel ?? undefined })}
      />
      <TextInput
        label={t('panel:filters.tag')}
        placeholder={t('panel:filters.any')}
        defaultValue={search.tag ?? ''}
        maxLength={50}
        onBlur={(event) => set({ tag: event.currentTarget.value.trim() || undefined })}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
            set({ tag: event.currentTarget.value.trim() || undefined })
          }
        }}
      />
      <div>
        <PeriodPicker value={{ from: search.from, to: search.to }} onChange={(p) => set(p)} />
      </div>
      <div className={classes.filtersEnd}>
        <Button
          variant="subtle"
          color="gray"
          disabled={narrowedBy(search) === 0 && !search.q}
          onClick={() => replaceSearch(withoutFilters(search))}
        >
          {t('ui:clear')}
        </Button>
        <Button variant="light" onClick={onClose}>
          {t('panel:filters.done')}
        </Button>
      </div>
    </fieldset>
  )
}

/** A period that ends at midnight ends, for people, with the day before. */
function lastDay(to: string): string {
  return to.endsWith('T00:00') ? `${addDays(to.slice(0, 10), -1)}T00:00` : to
}

/** FilterChipsRow shows what narrows the list while the filters themselves are folded away. */
export function FilterChipsRow() {
  const { t } = useTranslation('panel')
  const locale = useLocale()
  const { search, setSearch } = usePanelAddress()
  const { chats, groups, operators } = useChoices()
  const nameIn = (list: { value: string; label: string }[], value: unknown) =>
    list.find((o) => o.value === String(value))?.label ?? '…'
  const day = (wall: string) => formatDate(`${wall}Z`, locale, 'UTC')

  const chips: { key: string; label: string; off: PanelSearch }[] = []
  const add = (key: string, label: string, off: PanelSearch) => chips.push({ key, label, off })
  if (search.unanswered) {
    add('unanswered', t('panel:filters.unanswered'), { unanswered: undefined })
  }
  if (search.chat) add('chat', nameIn(chats, search.chat), { chat: undefined })
  if (search.group) add('group', nameIn(groups, search.group), { group: undefined })
  if (search.operator) {
    add('operator', nameIn(operators, search.operator), { operator: undefined })
  }
  if (search.channel) add('channel', t('panel:channel.web'), { channel: undefined })
  if (search.tag) add('tag', `#${search.tag}`, { tag: undefined })
  if (search.from || search.to) {
    const from = search.from ? day(search.from) : '…'
    add('period', `${from} – ${search.to ? day(lastDay(search.to)) : '…'}`, {
      from: undefined,
      to: undefined,
    })
  }
  if (chips.length === 0) return null
  return (
    <div className={classes.chips}>
      {chips.map(({ key, label, off }) => (
        <span key={key} className={classes.chip}>
          <span>{label}</span>
          <CloseButton
            size="xs"
            c="inherit"
            aria-label={t('panel:filters.remove', { name: label })}
            onClick={() => setSearch(off)}
          />
        </span>
      ))}
    </div>
  )
}
