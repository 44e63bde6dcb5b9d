import { MultiSelect, NumberInput, Group as Row, Select, Stack, TextInput } from '@mantine/core'
import { isNotEmpty, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { CompanyUser, Group } from '@/lib/api/types'
import { groupsQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import { Note } from '@/ui/Note'
import { toastGood } from '@/ui/toast'
import classes from './chat.module.css'
import { sharings } from './sharings'

interface Values {
  name: string
  members: string[]
  first: number | ''
  next: number | ''
  sharing: string | null
}

interface Props {
  group: Group | undefined
  users: CompanyUser[]
}

/** People who may not work in the panel are left out, members who lost that right stay visible. */
function choices(
  group: Group | undefined,
  users: CompanyUser[],
): { value: string; label: string }[] {
  const able = users
    .filter(
      (user) =>
        !user.blocked &&
        user.roles.some((role) => ['operator', 'administrator', 'owner'].includes(role)),
    )
    .map((user) => ({ value: String(user.id), label: user.name }))
  const known = new Set(able.map((one) => one.value))
  const others = (group?.members ?? [])
    .map((member) => ({ value: String(member.user_id), label: member.name }))
    .filter((member) => !known.has(member.value))
  return [...able, ...others]
}

export function GroupForm({ group, users }: Props) {
  const { t } = useTranslation('chat')
  const { company, may } = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const target = (value: number | '') =>
    value === '' || (value >= 1 && value <= 86_400) ? null : t('errors:field.out_of_range')
  const form = useForm<Values>({
    initialValues: {
      name: group?.name ?? '',
      members: group?.members.map((member) => String(member.user_id)) ?? [],
      first: group?.first_target_s ?? '',
      next: group?.next_target_s ?? '',
      sharing: group?.sharing ?? null,
    },
    validate: { name: isNotEmpty(t('errors:field.required')), first: target, next: target },
  })
  const save = (values: Values) => {
    const body = {
      name: values.name.trim(),
      members: values.members.map(Number),
      first_target_s: values.first === '' ? null : values.first,
      next_target_s: values.next === '' ? null : values.next,
      sharing: values.sharing,
    }
    return group
      ? ok(
          api.PATCH('/api/v1/companies/{company}/groups/{group}', {
            params: { path: { company: company.id, group: group.id } },
            body,
          }),
        )
      : ok(
          api.POST('/api/v1/companies/{company}/groups', {
            params: { path: { company: company.id } },
            body,
          }),
        )
  }
  const toList = () => navigate({ to: '/c/$company/chats/groups', params: { company: company.id } })
  const saved = () => {
    void client.invalidateQueries({ queryKey: groupsQuery(company.id).queryKey })
    if (group) return
    toastGood(t('chat:groups.created'))
    void toList()
  }
  return (
    <Form
      form={form}
      submit={t(group ? 'chat:save' : 'chat:groups.create')}
      pristineAllowed={!group}
      readOnly={!may('groups.manage')}
      onCancel={group ? undefined : () => void toList()}
      fieldNames={{ first_target_s: 'first', next_target_s: 'next' }}
      onSubmit={save}
      onSaved={saved}
    >
      <Card>
        <Stack gap="md">
          <TextInput
            label={t('chat:groups.name')}
            placeholder={t('chat:groups.namePlaceholder')}
            maxLength={100}
            autoFocus={!group}
            {...form.getInputProps('name')}
          />
          <MultiSelect
            label={t('chat:groups.members')}
            description={t('chat:groups.membersHelp')}
            placeholder={form.values.members.length === 0 ? t('chat:groups.choose') : undefined}
            data={choices(group, users)}
            searchable
            hidePickedOptions
            nothingFoundMessage={t('chat:groups.noUser')}
            {...form.getInputProps('members')}
          />
          {group && form.values.members.length === 0 && (
            <Note meaning="bad">{t('chat:groups.nobodyNote')}</Note>
          )}
        </Stack>
      </Card>
      <Card title={t('chat:groups.targets')} text={t('chat:groups.targetsText')}>
        <Row grow align="flex-start" preventGrowOverflow={false} wrap="wrap">
          <NumberInput
            miw={200}
            label={t('chat:general.first')}
            placeholder={t('chat:groups.asChat')}
            suffix={` ${t('chat:unit.s')}`}
            min={1}
            {...form.getInputProps('first')}
          />
          <NumberInput
            miw={200}
            label={t('chat:general.next')}
            placeholder={t('chat:groups.asChat')}
            suffix={` ${t('chat:unit.s')}`}
            min={1}
            {...form.getInputProps('next')}
          />
        </Row>
        <Select
          className={classes.below}
          label={t('chat:list.sharing')}
          placeholder={t('chat:groups.asChat')}
          clearable
          data={sharings.map((value) => ({ value, label: t(`chat:sharing.${value}.name`) }))}
          {...form.getInputProps('sharing')}
        />
      </Card>
    </Form>
  )
}
