import { Button, CopyButton, TagsInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { IconCheck, IconCode, IconCopy } from '@tabler/icons-react'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { Empty } from '@/ui/Empty'
import { Form } from '@/ui/Form'
import { Note } from '@/ui/Note'
import classes from './chat.module.css'
import { siteProblem } from './site'
import type { TabProps } from './tab'
import { useSaveChat } from './useSaveChat'

/** CodeTab gives the one line for the site and says which sites may show the chat. */
export function CodeTab({ chat, readOnly, onReload }: TabProps) {
  const { t } = useTranslation('chat')
  return (
    <>
      <Card title={t('chat:code.title')} text={t('chat:code.text')}>
        {chat.code ? (
          <CodeLine code={chat.code} />
        ) : (
          <Empty picture={<IconCode />} title={t('chat:code.none')} />
        )}
      </Card>
      <Sites chat={chat} readOnly={readOnly} onReload={onReload} />
    </>
  )
}

function CodeLine({ code }: { code: string }) {
  const { t } = useTranslation('chat')
  return (
    <div className={classes.code}>
      <pre className={classes.codeText}>
        <code>{code}</code>
      </pre>
      <CopyButton value={code} timeout={2_000}>
        {({ copied, copy }) => (
          <Button
            onClick={copy}
            leftSection={
              copied ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />
            }
          >
            {t(copied ? 'ui:copied' : 'chat:code.copy')}
          </Button>
        )}
      </CopyButton>
    </div>
  )
}

function Sites({ chat, readOnly, onReload }: TabProps) {
  const { t } = useTranslation('chat')
  const save = useSaveChat(chat)
  const form = useForm({
    initialValues: { allowed_sites: chat.allowed_sites },
    validate: {
      allowed_sites: (sites) => {
        const wrong = sites.find((site) => siteProblem(site))
        return wrong ? t('chat:code.badSite', { site: wrong }) : null
      },
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
      <Card title={t('chat:code.sites')} text={t('chat:code.sitesText')}>
        <TagsInput
          aria-label={t('chat:code.sites')}
          placeholder={readOnly ? undefined : 'https://shop.example'}
          description={t('chat:code.sitesHelp')}
          splitChars={[',', ' ', ';']}
          clearable={false}
          acceptValueOnBlur
          {...form.getInputProps('allowed_sites')}
        />
        {form.values.allowed_sites.length === 0 && (
          <div className={classes.below}>
            <Note meaning="warning">{t('chat:code.anySite')}</Note>
          </div>
        )}
      </Card>
    </Form>
  )
}
