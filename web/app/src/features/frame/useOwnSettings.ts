import { useMantineColorScheme } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api } from '@/lib/api/client'
import { setLanguage } from '@/lib/i18n/i18n'
import { meQuery, useSession } from '@/lib/session/session'
import { schemeOf } from '@/lib/theme/colorScheme'

/** useOwnSettings applies the account's language and theme on this device and remembers the company visited last. */
export function useOwnSettings(): void {
  const { user, company } = useSession()
  const client = useQueryClient()
  const { setColorScheme } = useMantineColorScheme()

  useEffect(() => void setLanguage(user.language), [user.language])
  useEffect(() => setColorScheme(schemeOf(user.theme)), [user.theme, setColorScheme])

  useEffect(() => {
    const me = client.getQueryData(meQuery.queryKey)
    if (!me || me.last_company === company.id) return
    client.setQueryData(meQuery.queryKey, (old) => old && { ...old, last_company: company.id })
    void api
      .PUT('/api/v1/me/last-company', { body: { company: company.id } })
      .catch(() => undefined)
  }, [client, company.id])
}
