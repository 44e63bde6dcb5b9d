import { Modal, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { ContactList } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Form } from '@/ui/Form'

export function RenameDialog({ list, onClose }: { list: ContactList; onClose: () => void }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const client = useQueryClient()
  const form = useForm({
    initialValues: { name: list.name },
    validate: { name: isNotEmpty(t('errors:field.required')) },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('contact:rename')}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Form
        form={form}
        submit={t('contact:save')}
        onCancel={onClose}
        onSubmit={({ name }) =>
          ok(
            api.PATCH('/api/v1/companies/{company}/contact-lists/{list}', {
              params: { path: { company: company.id, list: list.id } },
              body: { name: name.trim() },
            }),
          )
        }
        onSaved={() => {
          void client.invalidateQueries({ queryKey: ['contact-lists', company.id] })
          onClose()
        }}
      >
        <TextInput
          label={t('contact:column.name')}
          maxLength={100}
          data-autofocus
          {...form.getInputProps('name')}
        />
      </Form>
    </Modal>
  )
}
