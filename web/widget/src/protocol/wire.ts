/** What the server says and expects, as it travels. */

export interface Attachment {
  id: string
  name: string
  size: number
  media_type: string
  url: string
  width?: number | null
  height?: number | null
}

export type Author = 'contact' | 'operator' | 'bot' | 'system'

export interface Message {
  id: string
  dialog_id: string
  seq: number
  author: Author
  author_name?: string | null
  kind: 'text' | 'file' | 'note' | 'system'
  text: string
  attachments?: Attachment[] | null
  at: string
  state: 'sent' | 'read'
  /** The id the visitor's browser gave the message; absent on everybody else's. */
  key?: string | null
}

export interface Dialog {
  state: 'bot' | 'queued' | 'open' | 'closed'
  queue_position: number | null
  operator_name: string | null
  contact_read_seq: number
  operator_read_seq: number
}

export type Language = 'ru' | 'en'
export type Translated = Partial<Record<Language, string>>

export interface Look {
  accent: string
  side: 'left' | 'right'
  launcher: 'bubble' | 'text'
  title?: Translated | null
  greeting?: Translated | null
  avatar_url?: string | null
}

export interface Chat {
  name: string
  look: Look
  languages: Language[]
  operator_name_shown: boolean
  /** The server wants to hear when the visitor opens the widget: the dialog begins then. */
  greet_on_open?: boolean
}

export interface Page {
  url: string
  title: string
}

export interface Visit {
  visitor_token: string
  connection_token: string
  expires_at: string
  chat: Chat
  dialog: Dialog | null
  messages: Message[]
}

export interface Token {
  connection_token: string
  expires_at: string
}

export interface Synced {
  items: Message[]
  dialog?: Dialog | null
}

export type Publication =
  | {
      type: 'message'
      dialog_id: string
      message: Message
      /** Sequence of the message before this one that the visitor may see; 0 for the first. */
      prev_seq?: number
      dialog?: Dialog | null
    }
  | {
      type: 'typing'
      dialog_id: string
      author: 'contact' | 'operator' | 'bot'
      name?: string | null
    }
  | { type: 'read'; dialog_id: string; by: 'contact' | 'operator'; seq: number }
  | { type: 'queue'; position: number | null }
  | { type: 'dialog'; dialog: Dialog }

export const limits = {
  textRunes: 4096,
  fileBytes: 20 * 1024 * 1024,
  filesPerMessage: 10,
  page: 50,
} as const
