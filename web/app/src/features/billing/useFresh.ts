import { useThrottledCallback } from '@mantine/hooks'
import { useQueryClient } from '@tanstack/react-query'
import { useRealtime } from '@/lib/realtime/realtime'
import { useSession } from '@/lib/session/session'

/** useFresh reads invoices again when the balance moves: money that came in may have paid one. */
export function useFresh(): void {
  const { company } = useSession()
  const client = useQueryClient()
  const refresh = useThrottledCallback(
    () => void client.invalidateQueries({ queryKey: ['invoices', company.id] }),
    5_000,
  )
  useRealtime('balance', refresh)
}
