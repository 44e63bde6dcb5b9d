import { Button, Group, Modal, Text } from '@mantine/core'
import { createContext, type ReactNode, use, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'

interface Question {
  title: string
  text?: ReactNode
  /** The verb on the button: "Archive", never "OK". */
  action: string
  danger?: boolean
}

type Ask = (question: Question) => Promise<boolean>

const Current = createContext<Ask>(() => Promise.resolve(false))

/** useConfirm asks before what cannot be undone: `if (await confirm({…})) …`. */
export function useConfirm(): Ask {
  return use(Current)
}

export function ConfirmProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null)
  const [open, setOpen] = useState(false)
  const answer = useRef<(yes: boolean) => void>(() => undefined)

  const ask: Ask = (next) =>
    new Promise((resolve) => {
      answer.current(false)
      answer.current = resolve
      setQuestion(next)
      setOpen(true)
    })
  const close = (yes: boolean) => {
    answer.current(yes)
    setOpen(false)
  }
  return (
    <Current value={ask}>
      {children}
      {question && <ConfirmDialog {...question} open={open} onAnswer={close} />}
    </Current>
  )
}

interface DialogProps extends Question {
  open: boolean
  onAnswer: (yes: boolean) => void
}

export function ConfirmDialog({ title, text, action, danger, open, onAnswer }: DialogProps) {
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
          {t('ui:cancel')}
        </Button>
        <Button color={danger ? 'red' : undefined} onClick={() => onAnswer(true)}>
          {action}
        </Button>
      </Group>
    </Modal>
  )
}
