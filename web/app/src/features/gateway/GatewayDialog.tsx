import {
  Modal,
  NumberInput,
  PasswordInput,
  SegmentedControl,
  Switch,
  TextInput,
} from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { Gateway } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Form } from '@/ui/Form'
import { toastGood } from '@/ui/toast'
import { gatewayChannels } from './data'
import classes from './gateway.module.css'

interface Props {
  /** Absent for a new one. */
  gateway: Gateway | undefined
  onClose: () => void
}

interface Values {
  channel: Gateway['channel']
  name: string
  url: string
  sender: string
  speed: number | ''
  active: boolean
}

/** GatewayDialog adds or changes a way to a network. The address holds a password, so it is never shown again. */
export function GatewayDialog({ gateway, onClose }: Props) {
  const { t } = useTranslation('gateway')
  const client = useQueryClient()
  const form = useForm<Values>({
    initialValues: {
      channel: gateway?.channel ?? 'sms',
      name: gateway?.name ?? '',
      url: '',
      sender: gateway?.sender ?? '',
      speed: gateway?.speed || '',
      active: gateway?.state !== 'disabled',
    },
    validate: {
      name: isNotEmpty(t('errors:field.required')),
      url: (value) => (gateway || value.trim() ? null : t('errors:field.required')),
    },
  })
  const { channel } = form.values
  const refresh = () => client.invalidateQueries({ queryKey: ['back-office'] })
  return (
    <Modal
      opened
      onClose={onClose}
      title={gateway ? gateway.name : t('gateway:add')}
      closeOnClickOutside={!form.isDirty()}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Form
        form={form}
        submit={t(gateway ? 'gateway:form.save' : 'gateway:form.add')}
        pristineAllowed={!gateway}
        onCancel={onClose}
        onReload={() => {
          void refresh()
          onClose()
        }}
        explain={(field, code) =>
          field === 'url' && code === 'invalid' ? t(`gateway:form.wrong.${channel}`) : undefined
        }
        onSubmit={(values, how) => save(values, gateway, how.overwrite)}
        onSaved={() => {
          toastGood(t('gateway:form.done', { name: form.values.name }))
          void refresh()
          onClose()
        }}
      >
        <div className={classes.fields}>
          {!gateway && (
            <SegmentedControl
              aria-label={t('gateway:column.channel')}
              data={gatewayChannels.map((value) => ({
                value,
                label: t(`gateway:channel.${value}`),
              }))}
              {...form.getInputProps('channel')}
            />
          )}
          <TextInput
            label={t('gateway:column.name')}
            maxLength={100}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <PasswordInput
            label={t('gateway:column.address')}
            description={t(gateway ? 'gateway:form.urlKept' : `gateway:form.url.${channel}`, {
              address: gateway?.address,
            })}
            autoComplete="off"
            maxLength={500}
            visibilityToggleButtonProps={{ 'aria-label': t('ui:signIn.show') }}
            {...form.getInputProps('url')}
          />
          <TextInput
            label={t('gateway:column.sender')}
            description={t(`gateway:form.sender.${channel}`)}
            maxLength={100}
            {...form.getInputProps('sender')}
          />
          <NumberInput
            label={t('gateway:form.speed')}
            description={t('gateway:form.speedHelp')}
            min={1}
            max={100_000}
            allowDecimal={false}
            {...form.getInputProps('speed')}
          />
          {gateway && (
            <Switch
              label={t('gateway:form.active')}
              description={t('gateway:form.activeHelp')}
              {...form.getInputProps('active', { type: 'checkbox' })}
            />
          )}
        </div>
      </Form>
    </Modal>
  )
}

async function save(values: Values, gateway: Gateway | undefined, overwrite: boolean) {
  const { channel, name, url, sender, speed, active } = values
  const body = {
    name: name.trim(),
    sender: sender.trim(),
    speed: speed || 0,
    ...(url.trim() && { url: url.trim() }),
  }
  if (!gateway) {
    await ok(api.POST('/api/v1/back-office/gateways', { body: { ...body, channel } }))
    return
  }
  const version = overwrite ? await newestVersion(gateway) : gateway.version
  await ok(
    api.PUT('/api/v1/back-office/gateways/{gateway}', {
      params: { path: { gateway: gateway.id } },
      body: { ...body, state: active ? 'active' : 'disabled', version },
    }),
  )
}

async function newestVersion(gateway: Gateway): Promise<number> {
  const { items } = await ok(api.GET('/api/v1/back-office/gateways'))
  return items.find(({ id }) => id === gateway.id)?.version ?? gateway.version
}
