import type { DialogHead, Message, OperatorState } from '@/lib/api/types'

/** RealtimeEvent is what the server publishes; the page treats it as a hint and refetches after a reconnect. */
export type RealtimeEvent =
  | { type: 'message'; dialog_id: string; prev_seq?: number; message: Message; head: DialogHead }
  | { type: 'head'; head: DialogHead }
  | { type: 'removed'; dialog_id: string }
  | { type: 'typing'; dialog_id: string; author: 'contact' | 'operator'; name: string }
  | { type: 'read'; dialog_id: string; by: 'contact' | 'operator'; seq: number }
  | { type: 'operator'; user_id: number; state: OperatorState; open: number; limit: number }
  | { type: 'balance'; balance: string; available: string; currency: string; suspended?: boolean }
  | { type: 'notice' }
  | { type: 'signed_out' }

export type EventOf<T extends RealtimeEvent['type']> = Extract<RealtimeEvent, { type: T }>

/** ConnectionState in the three words a person needs. */
export type ConnectionState = 'connecting' | 'online' | 'offline'

export function isRealtimeEvent(data: unknown): data is RealtimeEvent {
  return (
    typeof data === 'object' && data !== null && 'type' in data && typeof data.type === 'string'
  )
}
