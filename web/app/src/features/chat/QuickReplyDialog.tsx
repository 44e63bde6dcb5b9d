import { Autocomplete, Modal, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import type { QuickReply } from '@/lib/api/types'
import { quickRepliesQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Form } from '@/ui/Form'

interface Props {
  reply: QuickReply | undefined
  folders: string[]
  onClose: () => void
}

export function QuickReplyDialog({ reply, folders, onClose }: Props) {
  const { t } = useTranslation('chat')
  const { company, may } = useSession()
  const client = useQueryClient()
  const required = isNotEmpty(t('errors:field.required'))
  const form = useForm({
    initialValues: {
      title: reply?.title ?? '',
      text: reply?.text ?? '',
      folder: reply?.folder ?? '',
      personal: reply?.personal ?? !may('quick_replies.manage'),
    },
    validate: { title: required, text: required },
  })
  const save = (values: typeof form.values) => {
    const body = { ...values, title: values.title.trim(), folder: values.folder.trim() }
    return reply
      ? ok(
          api.PATCH('/api/v1/companies/{company}/quick-replies/{reply}', {
            params: { path: { company: company.id, reply: reply.id } },
            body,
          }),
        )
      : ok(
          api.POST('/api/v1/companies/{company}/quick-replies', {
            params: { path: { company: company.id } },
            body,
          }),
        )
  }
  return (
    <Modal
      opened
      onClose={onClose}
      title={t(reply ? 'chat:replies.edit' : 'chat:replies.new')}
      size="lg"
      closeOnClickOutside={!form.isDirty()}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Form
        form={form}
        submit={t(reply ? 'chat:save' : 'chat:replies.create')}
        pristineAllowed={!reply}
        onCancel={onClose}
        onSubmit={save}
        onSaved={() => {
          void client.invalidateQueries({ queryKey: quickRepliesQuery(company.id).queryKey })
          onClose()
        }}
      >
        <Stack gap="md">
          {may('quick_replies.manage') && !reply && (
            <SegmentedControl
              aria-label={t('chat:replies.whose')}
              data={[
                { value: 'common', label: t('chat:replies.commonLong') },
                { value: 'personal', label: t('chat:replies.personalLong') },
              ]}
              value={form.values.personal ? 'personal' : 'common'}
              onChange={(value) => form.setFieldValue('personal', value === 'personal')}
            />
          )}
          <TextInput
            label={t('chat:replies.title')}
            description={t('chat:replies.titleHelp')}
            maxLength={100}
            data-autofocus
            {...form.getInputProps('title')}
          />
          <Textarea
            label={t('chat:replies.text')}
            autosize
            minRows={4}
            maxRows={14}
            maxLength={4096}
            {...form.getInputProps('text')}
          />
          <Autocomplete
            label={t('chat:replies.folder')}
            description={t('chat:replies.folderHelp')}
            data={folders}
            maxLength={100}
            {...form.getInputProps('folder')}
          />
        </Stack>
      </Form>
    </Modal>
  )
}
