import { Button } from '@mantine/core'
import { IconAntenna, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { Gateway } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { Empty } from '@/ui/Empty'
import { type Column, List, wholeList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { RowButton } from '@/ui/RowButton'
import { StateBadge } from '@/ui/StateBadge'
import { Time } from '@/ui/Time'
import { gatewaysQuery } from './data'
import { GatewayDialog } from './GatewayDialog'
import classes from './gateway.module.css'
import { Routes } from './Routes'

/** GatewaysPage shows the ways to text networks, whether they stand, and which takes what. */
export function GatewaysPage() {
  const { t } = useTranslation('gateway')
  const gateways = useQuery(gatewaysQuery)
  const [open, setOpen] = useState<Gateway | 'new'>()
  const add = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setOpen('new')}>
      {t('gateway:add')}
    </Button>
  )
  return (
    <Page title={t('gateway:title')} lead={t('gateway:lead')} actions={add}>
      <BackOfficeTabs on="gateways" />
      <List
        label={t('gateway:title')}
        list={wholeList(gateways)}
        columns={useColumns(setOpen)}
        rowKey={(gateway) => gateway.id}
        empty={
          <Empty
            picture={<IconAntenna />}
            title={t('gateway:empty')}
            text={t('gateway:emptyText')}
            action={add}
          />
        }
      />
      {gateways.data && gateways.data.length > 0 && <Routes gateways={gateways.data} />}
      {open && (
        <GatewayDialog
          key={open === 'new' ? open : open.id}
          gateway={open === 'new' ? undefined : open}
          onClose={() => setOpen(undefined)}
        />
      )}
    </Page>
  )
}

function useColumns(open: (gateway: Gateway) => void): Column<Gateway>[] {
  const { t } = useTranslation('gateway')
  const locale = useLocale()
  return [
    {
      key: 'name',
      title: t('gateway:column.name'),
      cell: (gateway) => (
        <>
          <RowButton onClick={() => open(gateway)}>{gateway.name}</RowButton>
          <span className={classes.below}>{t(`gateway:channel.${gateway.channel}`)}</span>
        </>
      ),
    },
    {
      key: 'address',
      title: t('gateway:column.address'),
      cell: (gateway) => (
        <>
          {gateway.address}
          {gateway.sender && (
            <span className={classes.below}>
              {t('gateway:column.sender')}: {gateway.sender}
            </span>
          )}
        </>
      ),
    },
    {
      key: 'speed',
      title: t('gateway:column.speed'),
      align: 'end',
      wideOnly: true,
      cell: ({ speed }) =>
        speed ? t('gateway:perSecond', { speed: speed.toLocaleString(locale) }) : '–',
    },
    {
      key: 'state',
      title: t('gateway:column.state'),
      cell: (gateway) => <Health gateway={gateway} />,
    },
    {
      key: 'error',
      title: t('gateway:column.error'),
      cell: ({ error, error_at }) =>
        error ? (
          <>
            {error}
            {error_at && (
              <span className={classes.below}>
                <Time at={error_at} seconds />
              </span>
            )}
          </>
        ) : (
          '–'
        ),
    },
    {
      key: 'seen',
      title: t('gateway:column.seen'),
      wideOnly: true,
      cell: ({ seen_at }) => (seen_at ? <Time at={seen_at} as="recent" /> : '–'),
    },
  ]
}

function Health({ gateway: { state, up, seen_at } }: { gateway: Gateway }) {
  const { t } = useTranslation('gateway')
  if (state === 'disabled') return <StateBadge>{t('gateway:health.disabled')}</StateBadge>
  if (!seen_at) return <StateBadge meaning="info">{t('gateway:health.connecting')}</StateBadge>
  return (
    <StateBadge meaning={up ? 'good' : 'bad'}>
      {t(up ? 'gateway:health.up' : 'gateway:health.down')}
    </StateBadge>
  )
}
