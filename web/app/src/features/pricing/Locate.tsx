import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { SearchField } from '@/ui/SearchField'

/** Locate says where one number lies, as rating sees it. */
export function Locate() {
  const { t } = useTranslation('pricing')
  const [number, setNumber] = useState('')
  const { data, error } = useQuery({
    queryKey: ['back-office', 'number-location', number],
    enabled: number.replace(/\D/g, '').length > 6,
    retry: false,
    queryFn: () =>
      ok(api.GET('/api/v1/back-office/number-location', { params: { query: { number } } })),
  })
  return (
    <Card title={t('pricing:plan.look')} text={t('pricing:plan.ported')}>
      <SearchField value={number} onChange={setNumber} placeholder="+7 912 345-67-89" />
      <p aria-live="polite">
        {error && t('pricing:plan.noNumber')}
        {data &&
          !error &&
          [data.number, data.country, data.network, data.name].filter(Boolean).join(' · ')}
      </p>
    </Card>
  )
}
