import { Modal, SegmentedControl, Stack, Textarea } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Form } from '@/ui/Form'
import { toastGood } from '@/ui/toast'
import { addressesIn } from './model'
import { channels } from './search'

/** ExclusionDialog takes addresses, one a line. */
export function ExclusionDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const client = useQueryClient()
  const form = useForm({
    initialValues: { channel: 'sms' as (typeof channels)[number], addresses: '' },
    validate: { addresses: isNotEmpty(t('errors:field.required')) },
  })
  const explain = (field: string) => {
    const index = Number(field.replace('addresses.', ''))
    const address = addressesIn(form.values.addresses)[index]
    return address && t(`contact:exclusion.wrong.${form.values.channel}`, { address })
  }
  const firstWrong = Object.entries(form.errors).find(([name]) =>
    name.startsWith('addresses.'),
  )?.[1]
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('contact:exclusion.add')}
      closeOnClickOutside={!form.isDirty()}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Form
        form={form}
        submit={t('contact:exclusion.exclude')}
        onCancel={onClose}
        explain={explain}
        onSubmit={({ channel, addresses }) =>
          ok(
            api.POST('/api/v1/companies/{company}/exclusions', {
              params: { path: { company: company.id } },
              body: { channel, addresses: addressesIn(addresses) },
            }),
          )
        }
        onSaved={({ added }) => {
          void client.invalidateQueries({ queryKey: ['exclusions', company.id] })
          toastGood(t('contact:exclusion.added', { count: added }))
          onClose()
        }}
      >
        <Stack gap="md">
          <SegmentedControl
            aria-label={t('contact:exclusion.channel')}
            data={channels.map((value) => ({ value, label: t(`contact:channel.${value}`) }))}
            {...form.getInputProps('channel')}
          />
          <Textarea
            label={t(`contact:exclusion.addresses.${form.values.channel}`)}
            description={t('contact:exclusion.addressesHelp')}
            autosize
            minRows={4}
            maxRows={12}
            data-autofocus
            {...form.getInputProps('addresses')}
            error={form.errors.addresses ?? firstWrong}
          />
        </Stack>
      </Form>
    </Modal>
  )
}
