import { Switch } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { api, ok } from '@/lib/api/client'
import { siteQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { toastProblem } from '@/ui/toast'

const queryKey = ['back-office', 'published-price-list']

/** PublishSwitch puts a price list of the platform on its home page, instead of any other. */
export function PublishSwitch({ list }: { list: string }) {
  const { t } = useTranslation('pricing')
  const client = useQueryClient()
  const { data } = useQuery({
    queryKey,
    queryFn: () => ok(api.GET('/api/v1/back-office/published-price-list')),
  })
  const { mutate, isPending } = useMutation({
    mutationFn: (published: boolean) =>
      ok(
        api.PUT('/api/v1/back-office/price-lists/{price_list}/published', {
          params: { path: { price_list: list } },
          body: { published },
        }),
      ),
    onError: (error) => toastProblem(t, error),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: siteQuery.queryKey })
      return client.invalidateQueries({ queryKey })
    },
  })
  return (
    <Switch
      label={t('pricing:publish')}
      description={t('pricing:publishHelp')}
      checked={data?.price_list === list}
      disabled={!data || isPending}
      onChange={(e) => mutate(e.currentTarget.checked)}
    />
  )
}
