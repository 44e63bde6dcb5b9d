import { Button, Group, Modal, Radio, Stack, Textarea } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import type { Dialog } from '@/lib/api/types'
import { chatsQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import type { useAction } from '../data/useActions'
import classes from './CloseDialog.module.css'

interface Props {
  opened: boolean
  detail: Dialog
  action: ReturnType<typeof useAction>
  onDone: () => void
  onCancel: () => void
}

/** CloseDialog asks how the dialog ended, when the chat wants to know. */
export function CloseDialog({ opened, onCancel, ...rest }: Props) {
  const { t } = useTranslation('panel')
  return (
    <Modal
      opened={opened}
      onClose={onCancel}
      title={t('panel:close.title')}
      centered
      size="sm"
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <CloseForm {...rest} onCancel={onCancel} />
    </Modal>
  )
}

function CloseForm({ detail, action, onDone, onCancel }: Omit<Props, 'opened'>) {
  const { t } = useTranslation('panel')
  const { company } = useSession()
  const chats = useQuery(chatsQuery(company.id)).data
  const chat = chats?.find((c) => c.id === detail.head.chat_id)
  const results = chat?.closing_results ?? []
  const required = chat?.result_required ?? false
  const [result, setResult] = useState<string | null>(null)
  const [comment, setComment] = useState('')
  const [missing, setMissing] = useState(false)

  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (required && results.length > 0 && !result) {
      setMissing(true)
      return
    }
    action.mutate(
      { do: 'close', result: result ?? undefined, comment: comment.trim() },
      { onSuccess: onDone },
    )
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        {results.length > 0 && (
          <Radio.Group
            label={t('panel:close.result')}
            description={required ? undefined : t('panel:close.optional')}
            error={missing ? t('panel:close.missing') : undefined}
            value={result}
            onChange={(value) => {
              setResult(value)
              setMissing(false)
            }}
          >
            <Stack gap={10} mt={10}>
              {results.map(({ code, label }, i) => (
                <Radio
                  key={code}
                  classNames={{ body: classes.radio }}
                  value={code}
                  label={label}
                  data-autofocus={i === 0 || undefined}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <Textarea
          label={t('panel:close.comment')}
          description={t('panel:close.commentHelp')}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={5}
          maxLength={1000}
        />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onCancel}>
            {t('ui:cancel')}
          </Button>
          <Button
            type="submit"
            loading={action.isPending}
            data-autofocus={results.length === 0 || undefined}
          >
            {t('panel:action.close')}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
