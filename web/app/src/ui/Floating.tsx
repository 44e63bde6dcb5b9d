import '@/lib/theme/rest'
import { Popover } from '@mantine/core'
import type { ReactElement, ReactNode } from 'react'

interface Props {
  open: boolean
  onChange: (open: boolean) => void
  target: ReactElement
  width: number
  children: ReactNode
}

export function Floating({ open, onChange, target, width, children }: Props) {
  return (
    <Popover
      opened={open}
      onChange={onChange}
      position="bottom-end"
      shadow="md"
      width={width}
      trapFocus
      returnFocus
    >
      <Popover.Target>{target}</Popover.Target>
      <Popover.Dropdown>{children}</Popover.Dropdown>
    </Popover>
  )
}
