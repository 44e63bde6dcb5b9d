import { Checkbox, Group, MultiSelect, Stack, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { Group as OperatorGroup } from '@/lib/api/types'
import { chatsQuery, groupsQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'

/** NewChatPage asks for as little as a chat can live with; the rest has sensible beginnings. */
export function NewChatPage() {
  const { t } = useTranslation('chat')
  const { company } = useSession()
  const { data, isError } = useQuery(groupsQuery(company.id))
  const groups = data ?? (isError ? [] : undefined)
  return (
    <Page
      width="form"
      title={t('chat:new.title')}
      lead={t('chat:new.text')}
      above={
        <TextLink to="/c/$company/chats" params={{ company: company.id }} size="sm">
          ← {t('chat:list.title')}
        </TextLink>
      }
    >
      {groups ? <NewChat groups={groups} /> : <FormSkeleton fields={3} />}
    </Page>
  )
}

/** NewChat is answered by the only group there is, unless somebody takes it out. */
function NewChat({ groups }: { groups: OperatorGroup[] }) {
  const { t } = useTranslation('chat')
  const { company } = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const form = useForm({
    initialValues: {
      name: '',
      languages: ['ru', 'en'],
      groups: groups.length === 1 ? groups.map((group) => group.id) : [],
    },
    validate: {
      name: isNotEmpty(t('errors:field.required')),
      languages: (value) => (value.length === 0 ? t('errors:field.required') : null),
    },
  })
  return (
    <Form
      form={form}
      submit={t('chat:new.create')}
      pristineAllowed
      onCancel={() => void navigate({ to: '/c/$company/chats', params: { company: company.id } })}
      onSubmit={(values) =>
        ok(
          api.POST('/api/v1/companies/{company}/chats', {
            params: { path: { company: company.id } },
            body: {
              name: values.name.trim(),
              languages: values.languages as ('en' | 'ru')[],
              groups: values.groups,
            },
          }),
        )
      }
      onSaved={(chat) => {
        void client.invalidateQueries({ queryKey: chatsQuery(company.id).queryKey })
        void navigate({
          to: '/c/$company/chats/$chat',
          params: { company: company.id, chat: chat.id },
          search: { tab: 'code' },
        })
      }}
    >
      <Card>
        <Stack gap="md">
          <TextInput
            label={t('chat:general.name')}
            description={t('chat:general.nameHelp')}
            maxLength={100}
            data-autofocus
            autoFocus
            {...form.getInputProps('name')}
          />
          <Checkbox.Group
            label={t('chat:general.languages')}
            description={t('chat:general.languagesHelp')}
            {...form.getInputProps('languages')}
          >
            <Group mt={6}>
              <Checkbox value="en" label="English" />
              <Checkbox value="ru" label="Русский" />
            </Group>
          </Checkbox.Group>
          <MultiSelect
            label={t('chat:sharing.groups')}
            description={t(groups.length > 0 ? 'chat:sharing.groupsText' : 'chat:new.noGroups')}
            placeholder={form.values.groups.length === 0 ? t('chat:sharing.choose') : undefined}
            data={groups.map((group) => ({ value: group.id, label: group.name }))}
            searchable
            nothingFoundMessage={t('chat:sharing.nothing')}
            hidePickedOptions
            {...form.getInputProps('groups')}
          />
        </Stack>
      </Card>
    </Form>
  )
}
