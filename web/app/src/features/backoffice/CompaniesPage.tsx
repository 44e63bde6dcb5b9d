import { ActionIcon, Menu } from '@mantine/core'
import { IconBuilding, IconDots } from '@tabler/icons-react'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { BackOfficeCompany } from '@/lib/api/types'
import { useList } from '@/lib/api/useList'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { CopyId } from '@/ui/CopyId'
import { Empty } from '@/ui/Empty'
import { ClearFilters } from '@/ui/FilterChips'
import { type Column, List } from '@/ui/List'
import { MoneyText } from '@/ui/MoneyText'
import { Page } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { StateBadge } from '@/ui/StateBadge'
import { Toolbar } from '@/ui/Toolbar'
import { CreditLimitDialog } from './CreditLimitDialog'
import { DepositDialog } from './DepositDialog'
import { HostsDialog } from './HostsDialog'
import { PriceListDialog } from './PriceListDialog'

const route = getRouteApi('/c/$company/back-office/companies')
const dialogs = {
  deposit: DepositDialog,
  limit: CreditLimitDialog,
  prices: PriceListDialog,
  hosts: HostsDialog,
}

/** CompaniesPage lists all companies of the installation and moves their money by hand. */
export function CompaniesPage() {
  const { t } = useTranslation('backoffice')
  const { q = '', open, act } = route.useSearch()
  const navigate = route.useNavigate()
  const list = useList<BackOfficeCompany>(['back-office', 'companies', q], (cursor) =>
    ok(
      api.GET('/api/v1/back-office/companies', {
        params: { query: { q: q || undefined, cursor, limit: 50 } },
      }),
    ),
  )
  const opened = list.rows?.find((company) => String(company.id) === open)
  const show = (id: number, what: Act) =>
    void navigate({ search: (old) => ({ ...old, open: String(id), act: what }) })
  const close = () => void navigate({ search: (old) => ({ q: old.q }) })
  const Dialog = act && dialogs[act]
  return (
    <Page title={t('ui:backOffice.title')} lead={t('backoffice:lead')}>
      <BackOfficeTabs on="companies" />
      <Toolbar>
        <SearchField
          value={q}
          placeholder={t('backoffice:search')}
          onChange={(next) => void navigate({ search: { q: next || undefined }, replace: true })}
        />
        <ClearFilters on={q !== ''} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('ui:backOffice.companies')}
        list={list}
        columns={useColumns()}
        rowKey={(company) => company.id}
        rowActions={(company) => (
          <RowMenu company={company} onAct={(what) => show(company.id, what)} />
        )}
        empty={
          <Empty
            picture={<IconBuilding />}
            title={t('backoffice:nothing')}
            text={t('backoffice:nothingText')}
          />
        }
      />
      {opened && Dialog && <Dialog key={`${open} ${act}`} company={opened} onClose={close} />}
    </Page>
  )
}

type Act = keyof typeof dialogs

const meanings = { active: 'good', blocked: 'bad', closed: 'neutral' } as const

function useColumns(): Column<BackOfficeCompany>[] {
  const { t } = useTranslation('backoffice')
  return [
    {
      key: 'name',
      title: t('backoffice:column.name'),
      cell: (company) => <strong>{company.name}</strong>,
    },
    {
      key: 'id',
      title: 'ID',
      align: 'end',
      width: '90px',
      cell: (company) => <CopyId id={company.id} />,
    },
    {
      key: 'kind',
      title: t('backoffice:column.kind'),
      cell: (company) => t(`backoffice:kind.${company.kind}`),
    },
    {
      key: 'parent',
      title: t('backoffice:column.parent'),
      wideOnly: true,
      cell: (company) => company.parent?.name ?? '–',
    },
    {
      key: 'balance',
      title: t('backoffice:column.balance'),
      align: 'end',
      cell: (company) => <MoneyText amount={company.balance} currency={company.currency} warn />,
    },
    {
      key: 'limit',
      title: t('backoffice:column.limit'),
      align: 'end',
      cell: (company) => <MoneyText amount={company.credit_limit} currency={company.currency} />,
    },
    {
      key: 'spent',
      title: t('backoffice:column.spent'),
      align: 'end',
      wideOnly: true,
      cell: (company) => (
        <MoneyText amount={company.spent_this_month} currency={company.currency} />
      ),
    },
    {
      key: 'status',
      title: t('backoffice:column.status'),
      cell: (company) =>
        company.suspended && company.status === 'active' ? (
          <StateBadge meaning="warning">{t('backoffice:status.suspended')}</StateBadge>
        ) : (
          <StateBadge meaning={meanings[company.status]}>
            {t(`backoffice:status.${company.status}`)}
          </StateBadge>
        ),
    },
  ]
}

function RowMenu({ company, onAct }: { company: BackOfficeCompany; onAct: (what: Act) => void }) {
  const { t } = useTranslation('backoffice')
  const { may } = useSession()
  if (company.kind === 'platform') return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon aria-label={t('backoffice:actions', { name: company.name })}>
          <IconDots size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {may('platform.deposits') && (
          <>
            <Menu.Item onClick={() => onAct('deposit')}>{t('backoffice:deposit.open')}</Menu.Item>
            <Menu.Item onClick={() => onAct('limit')}>{t('backoffice:limit.open')}</Menu.Item>
          </>
        )}
        {may('platform.prices') && (
          <Menu.Item onClick={() => onAct('prices')}>{t('backoffice:prices.open')}</Menu.Item>
        )}
        {company.kind === 'reseller' && may('platform.companies') && (
          <Menu.Item onClick={() => onAct('hosts')}>{t('backoffice:hosts.open')}</Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  )
}
