import { Stack, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import type { TabProps } from './tab'
import { useSaveChat } from './useSaveChat'

/** TextsTab is what a client reads when nobody is free. */
export function TextsTab({ chat, readOnly, onReload }: TabProps) {
  const { t } = useTranslation('chat')
  const save = useSaveChat(chat)
  const missing = (language: 'en' | 'ru', text: string) =>
    chat.languages.includes(language) && text.trim() === '' ? t('errors:field.required') : null
  const form = useForm({
    initialValues: { busy_text: { en: chat.busy_text.en, ru: chat.busy_text.ru } },
    validate: {
      busy_text: { en: (text) => missing('en', text), ru: (text) => missing('ru', text) },
    },
  })
  return (
    <Form
      form={form}
      readOnly={readOnly}
      onReload={onReload}
      submit={t('chat:save')}
      onSubmit={save}
    >
      <Card title={t('chat:texts.busy')} text={t('chat:texts.busyText')}>
        <Stack gap="md">
          {(['en', 'ru'] as const).map((language) => (
            <Textarea
              key={language}
              label={language === 'en' ? 'English' : 'Русский'}
              lang={language}
              autosize
              minRows={2}
              maxLength={500}
              {...form.getInputProps(`busy_text.${language}`)}
            />
          ))}
        </Stack>
      </Card>
    </Form>
  )
}
