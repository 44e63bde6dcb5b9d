import { useQueryClient } from '@tanstack/react-query'
import { useReconnected } from '@/lib/realtime/realtime'

/** useAfterOutage reads again what could not be read while the server was away, so that nobody has to reload. */
export function useAfterOutage(): void {
  const client = useQueryClient()
  useReconnected(
    () => void client.invalidateQueries({ predicate: (query) => query.state.status === 'error' }),
  )
}
