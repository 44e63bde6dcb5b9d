import { ActionIcon, Button, Switch, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconArrowDown, IconArrowUp, IconPlus, IconTrash } from '@tabler/icons-react'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { Form } from '@/ui/Form'
import { Note } from '@/ui/Note'
import classes from './chat.module.css'
import type { TabProps } from './tab'
import { useSaveChat } from './useSaveChat'

/** ResultsTab is what operators choose from when they close a dialog. */
export function ResultsTab({ chat, readOnly, onReload }: TabProps) {
  const { t } = useTranslation('chat')
  const save = useSaveChat(chat)
  const form = useForm({
    initialValues: {
      results: chat.closing_results.map((result) => ({ ...result })),
      required: chat.result_required,
    },
    validate: {
      results: { label: (label) => (label.trim() === '' ? t('errors:field.required') : null) },
    },
  })
  const { results } = form.values
  return (
    <Form
      form={form}
      readOnly={readOnly}
      onReload={onReload}
      submit={t('chat:save')}
      fieldNames={{ closing_results: 'results', result_required: 'required' }}
      onSubmit={async ({ results, required }, how) => {
        const saved = await save({ closing_results: results, result_required: required }, how)
        form.setFieldValue('results', saved.closing_results)
        return saved
      }}
    >
      <Card title={t('chat:results.title')} text={t('chat:results.text')}>
        {results.length === 0 && <p className={classes.soft}>{t('chat:results.none')}</p>}
        <ol className={classes.results}>
          {results.map((result, index) => (
            <li key={form.key(`results.${index}`)} className={classes.result}>
              <TextInput
                aria-label={t('chat:results.label', { number: index + 1 })}
                placeholder={t('chat:results.placeholder')}
                maxLength={60}
                className={classes.grow}
                autoFocus={result.code === '' && result.label === '' && !readOnly}
                {...form.getInputProps(`results.${index}.label`)}
              />
              <ActionIcon
                aria-label={t('chat:results.up')}
                disabled={index === 0}
                onClick={() => form.reorderListItem('results', { from: index, to: index - 1 })}
              >
                <IconArrowUp size={16} />
              </ActionIcon>
              <ActionIcon
                aria-label={t('chat:results.down')}
                disabled={index === results.length - 1}
                onClick={() => form.reorderListItem('results', { from: index, to: index + 1 })}
              >
                <IconArrowDown size={16} />
              </ActionIcon>
              <ActionIcon
                aria-label={t('chat:results.remove')}
                onClick={() => form.removeListItem('results', index)}
              >
                <IconTrash size={16} />
              </ActionIcon>
            </li>
          ))}
        </ol>
        <Button
          variant="default"
          leftSection={<IconPlus size={16} aria-hidden />}
          onClick={() => form.insertListItem('results', { code: '', label: '' })}
        >
          {t('chat:results.add')}
        </Button>
        <div className={classes.below}>
          <Switch
            label={t('chat:results.required')}
            description={t('chat:results.requiredText')}
            {...form.getInputProps('required', { type: 'checkbox' })}
          />
          {form.values.required && results.length === 0 && (
            <Note meaning="warning">{t('chat:results.requiredNone')}</Note>
          )}
        </div>
      </Card>
    </Form>
  )
}
