import '@/lib/theme/rest'
import { Button, Group, Modal, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'

export interface Question {
  title: string
  text?: ReactNode
  /** The verb on the button: "Archive", never "OK". */
  action: string
  /** Says no where "Cancel" would be misread, as beside an action that cancels. */
  keep?: string
  danger?: boolean
}

interface Props extends Question {
  open: boolean
  onAnswer: (yes: boolean) => void
}

export function ConfirmDialog({ title, text, action, keep, danger, open, onAnswer }: Props) {
  const { t } = useTranslation()
  return (
    <Modal
      opened={open}
      onClose={() => onAnswer(false)}
      title={title}
      centered
      size="sm"
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      {text && <Text c="dimmed">{text}</Text>}
      <Group justify="flex-end" gap="xs" mt="lg">
        <Button variant="default" onClick={() => onAnswer(false)} data-autofocus>
          {keep ?? t('ui:cancel')}
        </Button>
        <Button color={danger ? 'red' : undefined} onClick={() => onAnswer(true)}>
          {action}
        </Button>
      </Group>
    </Modal>
  )
}
