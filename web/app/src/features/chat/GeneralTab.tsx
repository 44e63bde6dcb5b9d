import { Checkbox, Group, NumberInput, Stack, Switch, TextInput } from '@mantine/core'
import { isInRange, isNotEmpty, useForm } from '@mantine/form'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import type { TabProps } from './tab'
import { useSaveChat } from './useSaveChat'

/** GeneralTab is the name and how long things may take. */
export function GeneralTab({ chat, readOnly, onReload }: TabProps) {
  const { t } = useTranslation('chat')
  const save = useSaveChat(chat)
  const required = t('errors:field.required')
  const range = t('errors:field.out_of_range')
  const form = useForm({
    initialValues: {
      name: chat.name,
      languages: chat.languages,
      lifetime_hours: chat.lifetime_hours,
      operator_idle_minutes: chat.operator_idle_minutes,
      first_target_s: chat.first_target_s,
      next_target_s: chat.next_target_s,
      operator_name_shown: chat.operator_name_shown,
      greet_on_open: chat.greet_on_open,
    },
    validate: {
      name: isNotEmpty(required),
      languages: (value) => (value.length === 0 ? required : null),
      lifetime_hours: isInRange({ min: 1, max: 720 }, range),
      operator_idle_minutes: isInRange({ min: 1, max: 1440 }, range),
      first_target_s: isInRange({ min: 1, max: 86_400 }, range),
      next_target_s: isInRange({ min: 1, max: 86_400 }, range),
    },
  })
  return (
    <Form
      form={form}
      readOnly={readOnly}
      onReload={onReload}
      submit={t('chat:save')}
      onSubmit={(values, how) => save({ ...values, name: values.name.trim() }, how)}
    >
      <Card title={t('chat:general.title')}>
        <Stack gap="md" maw={520}>
          <TextInput
            label={t('chat:general.name')}
            description={t('chat:general.nameHelp')}
            maxLength={100}
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
          <Switch
            label={t('chat:general.nameShown')}
            description={t('chat:general.nameShownHelp')}
            {...form.getInputProps('operator_name_shown', { type: 'checkbox' })}
          />
          <Switch
            label={t('chat:general.greetOnOpen')}
            description={t('chat:general.greetOnOpenHelp')}
            {...form.getInputProps('greet_on_open', { type: 'checkbox' })}
          />
        </Stack>
      </Card>
      <Card title={t('chat:general.times')} text={t('chat:general.timesText')}>
        <Stack gap="md" maw={520}>
          <Group grow align="flex-start" preventGrowOverflow={false} wrap="wrap">
            <NumberInput
              miw={200}
              label={t('chat:general.first')}
              description={t('chat:general.firstHelp')}
              suffix={` ${t('chat:unit.s')}`}
              min={1}
              {...form.getInputProps('first_target_s')}
            />
            <NumberInput
              miw={200}
              label={t('chat:general.next')}
              description={t('chat:general.nextHelp')}
              suffix={` ${t('chat:unit.s')}`}
              min={1}
              {...form.getInputProps('next_target_s')}
            />
          </Group>
          <NumberInput
            label={t('chat:general.idle')}
            description={t('chat:general.idleHelp')}
            suffix={` ${t('chat:unit.min')}`}
            min={1}
            {...form.getInputProps('operator_idle_minutes')}
          />
          <NumberInput
            label={t('chat:general.lifetime')}
            description={t('chat:general.lifetimeHelp')}
            suffix={` ${t('chat:unit.h')}`}
            min={1}
            {...form.getInputProps('lifetime_hours')}
          />
        </Stack>
      </Card>
    </Form>
  )
}
