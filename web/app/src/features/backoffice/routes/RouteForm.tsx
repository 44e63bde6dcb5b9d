import { PasswordInput, Select, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { OutgoingRoute } from '@/lib/api/types'
import { routesQuery } from '@/lib/data/routes'
import { siteQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { Form } from '@/ui/Form'
import { addressToSend, needsPassword, ports, readAddress } from './address'
import type { Kind } from './RouteCard'
import classes from './routes.module.css'

const schemes = { mail: ['smtp', 'smtps', 'smtp+plain'], sms: ['smpp', 'smpps'] } as const

interface Props {
  kind: Kind
  route: OutgoingRoute
  onSaved: () => void
}

/** RouteForm changes a way out. The stored password is shown to nobody: it stays as long as the address does. */
export function RouteForm({ kind, route, onSaved }: Props) {
  const { t } = useTranslation('routes')
  const client = useQueryClient()
  const was = readAddress(route.address, schemes[kind][0])
  const required = t('errors:field.required')
  const form = useForm({
    initialValues: { ...was, from: route.from },
    validate: {
      host: (host) => (host.trim() ? null : required),
      password: (_, values) => (needsPassword(was, values) ? t('routes:passwordAgain') : null),
    },
  })
  const scheme = form.getInputProps('scheme')
  return (
    <Form
      form={form}
      submit={t('routes:save')}
      fieldNames={{ mail_url: 'host', sms_url: 'host', mail_from: 'from' }}
      onSubmit={(values) => {
        const url = addressToSend(was, values)
        const from = values.from.trim()
        const body = kind === 'mail' ? { mail: { url, from } } : { sms: { url, sender: from } }
        return ok(api.PATCH('/api/v1/back-office/routes', { body }))
      }}
      onSaved={(saved) => {
        client.setQueryData(routesQuery.queryKey, saved)
        void client.invalidateQueries({ queryKey: siteQuery.queryKey })
        onSaved()
      }}
    >
      <div className={classes.fields}>
        <TextInput
          label={t('routes:host')}
          placeholder={t(`routes:${kind}.hostSample`)}
          {...form.getInputProps('host')}
        />
        <TextInput
          label={t('routes:port')}
          inputMode="numeric"
          maxLength={5}
          {...form.getInputProps('port')}
        />
        <Select
          label={t('routes:security')}
          data={schemes[kind].map((value) => ({ value, label: t(`routes:secure.${value}`) }))}
          allowDeselect={false}
          {...scheme}
          onChange={(value: string | null) => {
            scheme.onChange(value)
            form.setFieldValue('port', ports[value ?? ''] ?? '')
          }}
        />
        <TextInput
          label={t(`routes:${kind}.from`)}
          maxLength={kind === 'mail' ? 320 : 20}
          {...form.getInputProps('from')}
        />
        <TextInput label={t('routes:user')} autoComplete="off" {...form.getInputProps('user')} />
        <PasswordInput
          label={t('routes:password')}
          description={route.set ? t('routes:passwordHelp') : undefined}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ 'aria-label': t('ui:signIn.show') }}
          {...form.getInputProps('password')}
        />
      </div>
    </Form>
  )
}
