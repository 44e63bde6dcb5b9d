import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useEffectEvent,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { Connection } from './connection'
import type { ConnectionState, EventOf, RealtimeEvent } from './events'

const Current = createContext<Connection | null>(null)

/** RealtimeProvider keeps one live line for the company of the URL. */
export function RealtimeProvider({ company, children }: { company: number; children: ReactNode }) {
  const [connection, setConnection] = useState<Connection | null>(null)
  useEffect(() => {
    const opened = new Connection(company)
    setConnection(opened)
    void opened.open()
    return () => opened.close()
  }, [company])
  return <Current value={connection}>{children}</Current>
}

/** useConnectionState is whether the page is live; say "offline" in words, not by a colour alone. */
export function useConnectionState(): ConnectionState {
  const connection = use(Current)
  const subscribe = useMemo(
    () => (listener: () => void) => connection?.onState(listener) ?? (() => undefined),
    [connection],
  )
  return useSyncExternalStore(subscribe, () => connection?.state ?? 'connecting')
}

/** useRealtime handles one kind of event while the component is mounted. */
export function useRealtime<T extends RealtimeEvent['type']>(
  type: T,
  handler: (event: EventOf<T>, channel: string) => void,
): void {
  const connection = use(Current)
  const handle = useEffectEvent((event: RealtimeEvent, channel: string) => {
    if (event.type === type) handler(event as EventOf<T>, channel)
  })
  useEffect(() => connection?.onEvent((event, channel) => handle(event, channel)), [connection])
}

/** useReconnected refetches what may have been missed while the line was down. */
export function useReconnected(handler: () => void): void {
  const connection = use(Current)
  const handle = useEffectEvent(handler)
  useEffect(() => connection?.onReconnect(() => handle()), [connection])
}

/** useChannel joins a channel such as "dialog:12:<uuid>"; its events reach useRealtime. */
export function useChannel(channel: string | undefined): void {
  const connection = use(Current)
  useEffect(() => (channel ? connection?.join(channel) : undefined), [connection, channel])
}

/** useRpc asks over the live line, for hints such as typing: a failure is silently dropped. */
export function useRpc(): (method: string, data: unknown) => void {
  const connection = use(Current)
  return useMemo(
    () => (method: string, data: unknown) => {
      connection?.rpc(method, data).catch(() => undefined)
    },
    [connection],
  )
}
