import { ActionIcon, Button, Modal, SegmentedControl, Select, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { countryName } from '@parley/shared/countries'
import { IconRoute, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { Gateway, GatewayRoute } from '@/lib/api/types'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { useConfirm } from '@/ui/Confirm'
import { CountrySelect } from '@/ui/CountrySelect'
import { Empty } from '@/ui/Empty'
import { Form } from '@/ui/Form'
import { type Column, List, wholeList } from '@/ui/List'
import { toastProblem } from '@/ui/toast'
import { gatewayChannels, gatewayRoutesQuery } from './data'
import classes from './gateway.module.css'

/** Routes say which gateway takes what; the most specific line holds. */
export function Routes({ gateways }: { gateways: Gateway[] }) {
  const { t } = useTranslation('gateway')
  const routes = useQuery(gatewayRoutesQuery)
  const [adding, setAdding] = useState(false)
  return (
    <Card
      title={t('gateway:routes.title')}
      text={t('gateway:routes.text')}
      actions={
        <Button variant="default" onClick={() => setAdding(true)}>
          {t('gateway:routes.add')}
        </Button>
      }
    >
      <List
        label={t('gateway:routes.title')}
        list={wholeList(routes)}
        columns={useColumns(gateways)}
        rowKey={({ channel, country, network }) => `${channel} ${country} ${network}`}
        rowActions={(route) => <Remove route={route} />}
        empty={
          <Empty
            picture={<IconRoute />}
            title={t('gateway:routes.empty')}
            text={t('gateway:routes.emptyText')}
          />
        }
      />
      {adding && <RouteDialog gateways={gateways} onClose={() => setAdding(false)} />}
    </Card>
  )
}

function useColumns(gateways: Gateway[]): Column<GatewayRoute>[] {
  const { t } = useTranslation('gateway')
  const locale = useLocale()
  return [
    {
      key: 'channel',
      title: t('gateway:column.channel'),
      cell: ({ channel }) => t(`gateway:channel.${channel}`),
    },
    {
      key: 'country',
      title: t('gateway:routes.country'),
      cell: ({ country }) =>
        country ? countryName(country, locale) || country : t('gateway:routes.anyCountry'),
    },
    {
      key: 'network',
      title: t('gateway:routes.network'),
      cell: ({ network }) => network || t('gateway:routes.anyNetwork'),
    },
    {
      key: 'gateway',
      title: t('gateway:routes.gateway'),
      cell: (route) => gateways.find(({ id }) => id === route.gateway)?.name ?? '–',
    },
  ]
}

function Remove({ route }: { route: GatewayRoute }) {
  const { t } = useTranslation('gateway')
  const client = useQueryClient()
  const confirm = useConfirm()
  const { channel, country, network } = route
  const { mutate, isPending } = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/back-office/gateway-routes', {
          params: { query: { channel, country, network } },
        }),
      ),
    onError: (error) => toastProblem(t, error),
    onSettled: () => client.invalidateQueries({ queryKey: gatewayRoutesQuery.queryKey }),
  })
  const ask = async () => {
    const sure = await confirm({
      title: t('gateway:routes.removeTitle'),
      text: t('gateway:routes.removeText'),
      action: t('gateway:routes.remove'),
      danger: true,
    })
    if (sure) mutate()
  }
  return (
    <ActionIcon
      aria-label={t('gateway:routes.remove')}
      loading={isPending}
      onClick={() => void ask()}
    >
      <IconTrash size={18} aria-hidden />
    </ActionIcon>
  )
}

interface Values {
  channel: Gateway['channel']
  country: string | null
  network: string
  gateway: string | null
}

function RouteDialog({ gateways, onClose }: { gateways: Gateway[]; onClose: () => void }) {
  const { t } = useTranslation('gateway')
  const client = useQueryClient()
  const form = useForm<Values>({
    initialValues: { channel: 'sms', country: null, network: '', gateway: null },
    validate: {
      network: (value, { country }) =>
        value && (!country || !/^\d{5,6}$/.test(value)) ? t('gateway:routes.networkWrong') : null,
      gateway: isNotEmpty(t('errors:field.required')),
    },
  })
  const { channel } = form.values
  const able = gateways.filter((gateway) => gateway.channel === channel)
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('gateway:routes.add')}
      closeOnClickOutside={!form.isDirty()}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Form
        form={form}
        submit={t('gateway:form.save')}
        pristineAllowed
        onCancel={onClose}
        onSubmit={({ country, network, gateway }) =>
          ok(
            api.PUT('/api/v1/back-office/gateway-routes', {
              body: { channel, country: country ?? '', network, gateway: gateway ?? '' },
            }),
          )
        }
        onSaved={() => {
          void client.invalidateQueries({ queryKey: gatewayRoutesQuery.queryKey })
          onClose()
        }}
      >
        <div className={classes.fields}>
          <SegmentedControl
            aria-label={t('gateway:column.channel')}
            data={gatewayChannels.map((value) => ({ value, label: t(`gateway:channel.${value}`) }))}
            value={channel}
            onChange={(next) =>
              form.setValues({
                channel: next as Values['channel'],
                country: null,
                network: '',
                gateway: null,
              })
            }
          />
          {channel === 'sms' && (
            <>
              <CountrySelect
                label={t('gateway:routes.country')}
                placeholder={t('gateway:routes.anyCountry')}
                clearable
                {...form.getInputProps('country')}
              />
              <TextInput
                label={t('gateway:routes.network')}
                description={t('gateway:routes.networkHelp')}
                placeholder={t('gateway:routes.anyNetwork')}
                maxLength={6}
                {...form.getInputProps('network')}
              />
            </>
          )}
          <Select
            label={t('gateway:routes.gateway')}
            data={able.map(({ id, name }) => ({ value: id, label: name }))}
            allowDeselect={false}
            {...form.getInputProps('gateway')}
          />
        </div>
      </Form>
    </Modal>
  )
}
