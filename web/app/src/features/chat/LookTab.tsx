import { ColorInput, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import classes from './chat.module.css'
import type { TabProps } from './tab'
import { useSaveChat } from './useSaveChat'
import { WidgetPreview } from './WidgetPreview'

const colours = [
  '#4353d6',
  '#0b6fb8',
  '#0f766e',
  '#15803d',
  '#b45309',
  '#c2410c',
  '#c8312b',
  '#b5349a',
  '#3f4453',
]

/** LookTab changes the widget beside a picture of it that follows every key. */
export function LookTab({ chat, readOnly, onReload }: TabProps) {
  const { t } = useTranslation('chat')
  const save = useSaveChat(chat)
  const { look } = chat
  const form = useForm({
    initialValues: { ...look, title: { ...look.title }, greeting: { ...look.greeting } },
    validate: {
      accent: (value) => (/^#[0-9a-f]{6}$/i.test(value) ? null : t('errors:field.invalid')),
      avatar_url: (value) =>
        value === '' || /^https:\/\/\S+$/.test(value) ? null : t('chat:look.avatarWrong'),
    },
  })
  return (
    <div className={classes.look}>
      <Form
        form={form}
        readOnly={readOnly}
        onReload={onReload}
        submit={t('chat:save')}
        fieldNames={{ look: '' }}
        onSubmit={(values, how) => save({ look: values }, how)}
      >
        <Card title={t('chat:look.title')}>
          <Stack gap="md">
            <ColorInput
              label={t('chat:look.accent')}
              description={t('chat:look.accentHelp')}
              format="hex"
              swatches={colours}
              disallowInput={readOnly}
              eyeDropperButtonProps={{ 'aria-label': t('chat:look.pick') }}
              {...form.getInputProps('accent')}
            />
            <Choice
              label={t('chat:look.launcher')}
              options={['bubble', 'text']}
              name={(value) => t(`chat:look.${value}`)}
              {...form.getInputProps('launcher')}
            />
            <Choice
              label={t('chat:look.side')}
              options={['left', 'right']}
              name={(value) => t(`chat:look.${value}`)}
              {...form.getInputProps('side')}
            />
            <TextInput
              label={t('chat:look.avatar')}
              description={t('chat:look.avatarHelp')}
              placeholder="https://"
              type="url"
              {...form.getInputProps('avatar_url')}
            />
          </Stack>
        </Card>
        <Card title={t('chat:look.words')}>
          <Stack gap="md">
            {(['en', 'ru'] as const).map((language) => (
              <fieldset key={language} className={classes.language}>
                <legend>{language === 'en' ? 'English' : 'Русский'}</legend>
                <Stack gap="sm">
                  <TextInput
                    label={t('chat:look.heading')}
                    lang={language}
                    maxLength={60}
                    {...form.getInputProps(`title.${language}`)}
                  />
                  <Textarea
                    label={t('chat:look.greeting')}
                    lang={language}
                    autosize
                    minRows={2}
                    maxLength={300}
                    {...form.getInputProps(`greeting.${language}`)}
                  />
                </Stack>
              </fieldset>
            ))}
          </Stack>
        </Card>
      </Form>
      <WidgetPreview look={form.values} />
    </div>
  )
}

interface ChoiceProps {
  label: string
  options: string[]
  name: (value: string) => string
  value?: string
  onChange?: (value: string) => void
}

function Choice({ label, options, name, value, onChange }: ChoiceProps) {
  return (
    <div>
      <p className={classes.choiceLabel} aria-hidden>
        {label}
      </p>
      <SegmentedControl
        aria-label={label}
        value={value}
        onChange={onChange}
        data={options.map((option) => ({ value: option, label: name(option) }))}
      />
    </div>
  )
}
