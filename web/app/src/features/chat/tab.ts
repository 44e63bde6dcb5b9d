import type { Chat } from '@/lib/api/types'

export interface TabProps {
  chat: Chat
  readOnly: boolean
  /** Begins again from what the server has. */
  onReload: () => void
}
