import { UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'

interface Props {
  /** Absent where the row opens nothing. */
  onClick: (() => void) | undefined
  children: ReactNode
}

/** RowButton opens a list's row in place; its press reaches over the whole row. */
export function RowButton({ onClick, children }: Props) {
  if (!onClick) return <>{children}</>
  return (
    <UnstyledButton className="rowLink rowButton" onClick={onClick}>
      {children}
    </UnstyledButton>
  )
}
