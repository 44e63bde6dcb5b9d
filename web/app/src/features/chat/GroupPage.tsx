import { Button } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import { ApiError, asApiError } from '@/lib/api/error'
import type { Group } from '@/lib/api/types'
import { groupsQuery } from '@/lib/data/chats'
import { usersQuery } from '@/lib/data/users'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { useConfirm } from '@/ui/Confirm'
import { ErrorState } from '@/ui/ErrorState'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { toastBad, toastProblem } from '@/ui/toast'
import { GroupForm } from './GroupForm'

const route = getRouteApi('/c/$company/chats/groups/$group')

/** GroupPage makes or changes one operator group; "new" stands for one that does not exist yet. */
export function GroupPage() {
  const { t } = useTranslation('chat')
  const { company, group: id } = route.useParams()
  const { may } = useSession()
  const groups = useQuery(groupsQuery(company))
  const users = useQuery({
    ...usersQuery(company),
    enabled: may('groups.manage') && may('users.view'),
  })
  const group = groups.data?.find((one) => one.id === id)
  const above = (
    <TextLink to="/c/$company/chats/groups" params={{ company }} size="sm">
      ← {t('chat:sections.groups')}
    </TextLink>
  )
  const title = id === 'new' ? t('chat:groups.new') : (group?.name ?? t('chat:groups.one'))
  const waiting = groups.isPending || users.isLoading
  const missing = groups.isSuccess && id !== 'new' && !group
  const error =
    groups.error ?? users.error ?? (missing ? new ApiError({ code: 'not_found' }, 404) : null)
  return (
    <Page
      width="form"
      title={title}
      lead={id === 'new' ? t('chat:groups.newText') : undefined}
      above={above}
      actions={group && may('groups.manage') && <Remove group={group} />}
    >
      {error ? (
        <ErrorState
          error={error}
          onRetry={() => {
            void groups.refetch()
            void users.refetch()
          }}
        />
      ) : waiting ? (
        <FormSkeleton />
      ) : (
        <GroupForm key={id} group={group} users={users.data ?? []} />
      )}
    </Page>
  )
}

/** What keeps a group from being deleted, as the problem names it. */
function holders(error: unknown): { used: number; waiting: boolean } {
  const { chats, waiting } = asApiError(error).problem
  return {
    used: Array.isArray(chats) ? chats.length : Number(chats ?? 0),
    waiting: Boolean(waiting),
  }
}

function Remove({ group }: { group: Group }) {
  const { t } = useTranslation('chat')
  const { company } = useSession()
  const confirm = useConfirm()
  const client = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/groups/{group}', {
          params: { path: { company: company.id, group: group.id } },
        }),
      ),
    onSuccess: async () => {
      await navigate({ to: '/c/$company/chats/groups', params: { company: company.id } })
      await client.invalidateQueries({ queryKey: groupsQuery(company.id).queryKey })
    },
    onError: (error) => {
      const { used, waiting } = holders(error)
      if (used) toastBad(t('chat:groups.remove.used', { count: used }))
      else if (waiting) toastBad(t('chat:groups.remove.waiting'))
      else toastProblem(t, error)
    },
  })
  const ask = async () => {
    const sure = await confirm({
      title: t('chat:groups.remove.title', { name: group.name }),
      text: t('chat:groups.remove.text'),
      action: t('chat:groups.remove.action'),
      danger: true,
    })
    if (sure) remove.mutate()
  }
  return (
    <Button
      variant="default"
      leftSection={<IconTrash size={16} aria-hidden />}
      loading={remove.isPending}
      onClick={() => void ask()}
    >
      {t('chat:groups.remove.action')}
    </Button>
  )
}
