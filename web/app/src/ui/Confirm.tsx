import {
  createContext,
  lazy,
  type ReactNode,
  Suspense,
  use,
  useCallback,
  useRef,
  useState,
} from 'react'
import type { Question } from './ConfirmDialog'

const ConfirmDialog = lazy(() =>
  import('./ConfirmDialog').then((module) => ({ default: module.ConfirmDialog })),
)

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

  const ask = useCallback<Ask>(
    (next) =>
      new Promise((resolve) => {
        answer.current(false)
        answer.current = resolve
        setQuestion(next)
        setOpen(true)
      }),
    [],
  )
  const close = (yes: boolean) => {
    answer.current(yes)
    setOpen(false)
  }
  return (
    <Current value={ask}>
      {children}
      {question && (
        <Suspense fallback={null}>
          <ConfirmDialog {...question} open={open} onAnswer={close} />
        </Suspense>
      )}
    </Current>
  )
}
