import { SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { isNotEmpty, type UseFormReturnType, useForm } from '@mantine/form'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { LegalVersion } from '@/lib/api/types'
import { legalVersionsQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { useConfirm } from '@/ui/Confirm'
import { Form } from '@/ui/Form'
import { Paragraphs } from '@/ui/Paragraphs'
import { toastGood } from '@/ui/toast'
import classes from './legal.module.css'

type Texts = LegalVersion['texts']

/** LegalEditor makes the next version of a text out of the one in force, in both languages. */
export function LegalEditor({ current }: { current: LegalVersion }) {
  const { t } = useTranslation('backoffice')
  const client = useQueryClient()
  const confirm = useConfirm()
  const required = isNotEmpty(t('errors:field.required'))
  const form = useForm<Texts>({
    initialValues: current.texts,
    validate: {
      ru: { title: required, body: required },
      en: { title: required, body: required },
    },
  })
  const reload = () => client.invalidateQueries({ queryKey: legalVersionsQuery.queryKey })
  const publish = (texts: Texts) =>
    ok(
      api.POST('/api/v1/back-office/legal-texts/{kind}', {
        params: { path: { kind: current.kind } },
        body: { replaces: current.version, texts },
      }),
    )
  const sure = {
    title: t('backoffice:legal.sure.title', { version: current.version + 1 }),
    text: t('backoffice:legal.sure.text'),
    action: t('backoffice:legal.publish'),
  }
  return (
    <Form
      form={form}
      submit={t('backoffice:legal.publish')}
      fieldNames={{ texts: '' }}
      onReload={() => void reload()}
      confirm={() => confirm(sure)}
      onSubmit={publish}
      onSaved={() => {
        toastGood(t('backoffice:legal.published'))
        void reload()
      }}
    >
      <div className={classes.languages}>
        <Language form={form} language="ru" name="Русский" />
        <Language form={form} language="en" name="English" />
      </div>
    </Form>
  )
}

interface LanguageProps {
  form: UseFormReturnType<Texts>
  language: 'ru' | 'en'
  name: string
}

function Language({ form, language, name }: LanguageProps) {
  const { t } = useTranslation('backoffice')
  const [view, setView] = useState<'text' | 'preview'>('text')
  const { title, body } = form.values[language]
  return (
    <Card
      title={name}
      actions={
        <SegmentedControl
          size="xs"
          aria-label={name}
          value={view}
          onChange={(next) => setView(next === 'preview' ? 'preview' : 'text')}
          data={[
            { value: 'text', label: t('backoffice:legal.text') },
            { value: 'preview', label: t('backoffice:legal.preview') },
          ]}
        />
      }
    >
      {view === 'preview' ? (
        <article lang={language}>
          <h3 className={classes.title}>{title}</h3>
          <Paragraphs text={body} />
        </article>
      ) : (
        <div className={classes.stack} lang={language}>
          <TextInput
            label={t('backoffice:legal.heading')}
            maxLength={200}
            {...form.getInputProps(`${language}.title`)}
          />
          <Textarea
            label={t('backoffice:legal.body')}
            description={t('backoffice:legal.bodyHelp')}
            autosize
            minRows={12}
            maxRows={28}
            {...form.getInputProps(`${language}.body`)}
          />
        </div>
      )}
    </Card>
  )
}
