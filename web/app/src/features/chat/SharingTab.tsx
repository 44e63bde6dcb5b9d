import { MultiSelect, Radio, Stack, Switch } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery } from '@tanstack/react-query'
import { groupsQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { ErrorState } from '@/ui/ErrorState'
import { Form } from '@/ui/Form'
import { TextLink } from '@/ui/links'
import { Note } from '@/ui/Note'
import { FormSkeleton } from '@/ui/Skeletons'
import classes from './chat.module.css'
import { sharings } from './sharings'
import type { TabProps } from './tab'
import { useSaveChat } from './useSaveChat'

/** SharingTab says who answers and by what rule work is handed out. */
export function SharingTab({ chat, readOnly, onReload }: TabProps) {
  const { company } = useSession()
  const groups = useQuery(groupsQuery(company.id))
  if (groups.isError)
    return <ErrorState error={groups.error} onRetry={() => void groups.refetch()} />
  if (!groups.data) return <FormSkeleton fields={3} />
  return <SharingForm chat={chat} readOnly={readOnly} onReload={onReload} groups={groups.data} />
}

interface Named {
  id: string
  name: string
  members: unknown[]
}

function SharingForm({ chat, readOnly, onReload, groups }: TabProps & { groups: Named[] }) {
  const { t } = useTranslation('chat')
  const { company } = useSession()
  const save = useSaveChat(chat)
  const form = useForm({
    initialValues: { groups: chat.groups, sharing: chat.sharing, sticky: chat.sticky },
  })
  const chosen = groups.filter((group) => form.values.groups.includes(group.id))
  const idle = chosen.filter((group) => group.members.length === 0)
  return (
    <Form
      form={form}
      readOnly={readOnly}
      onReload={onReload}
      submit={t('chat:save')}
      onSubmit={save}
    >
      <Card title={t('chat:sharing.groups')} text={t('chat:sharing.groupsText')}>
        <MultiSelect
          aria-label={t('chat:sharing.groups')}
          placeholder={chosen.length === 0 ? t('chat:sharing.choose') : undefined}
          data={groups.map((group) => ({ value: group.id, label: group.name }))}
          searchable
          nothingFoundMessage={t('chat:sharing.nothing')}
          hidePickedOptions
          {...form.getInputProps('groups')}
        />
        <div className={classes.below}>
          {chosen.length === 0 && <Note meaning="bad">{t('chat:sharing.noGroups')}</Note>}
          {idle.length > 0 && (
            <Note meaning="bad">
              {t('chat:sharing.idle', { names: idle.map((g) => g.name).join(', ') })}
            </Note>
          )}
          <TextLink to="/c/$company/chats/groups" params={{ company: company.id }} size="sm">
            {t('chat:sharing.toGroups')}
          </TextLink>
        </div>
      </Card>
      <Card title={t('chat:sharing.rule')} text={t('chat:sharing.ruleText')}>
        <Radio.Group aria-label={t('chat:sharing.rule')} {...form.getInputProps('sharing')}>
          <Stack gap="sm">
            {sharings.map((value) => (
              <Radio
                key={value}
                value={value}
                label={t(`chat:sharing.${value}.name`)}
                description={t(`chat:sharing.${value}.text`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        <div className={classes.below}>
          <Switch
            label={t('chat:sharing.sticky')}
            description={t('chat:sharing.stickyText')}
            {...form.getInputProps('sticky', { type: 'checkbox' })}
          />
        </div>
      </Card>
    </Form>
  )
}
