import { Button, Group, Modal, Skeleton, Stack, Textarea, UnstyledButton } from '@mantine/core'
import { IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { DialogHead, Operator } from '@/lib/api/types'
import { groupsQuery } from '@/lib/data/chats'
import { operatorsQuery } from '@/lib/data/panel'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Avatar } from '@/ui/Avatar'
import { ErrorState } from '@/ui/ErrorState'
import { SearchField } from '@/ui/SearchField'
import type { useAction } from '../data/useActions'
import classes from './HandOver.module.css'

interface Props {
  opened: boolean
  head: DialogHead
  action: ReturnType<typeof useAction>
  onDone: () => void
  onCancel: () => void
}

type Choice = { operator: number } | { group: string }

/** HandOver gives a dialog to a colleague or a group, with how busy they are in view. */
export function HandOver({ opened, onCancel, ...rest }: Props) {
  const { t } = useTranslation('panel')
  return (
    <Modal
      opened={opened}
      onClose={onCancel}
      title={t('panel:handOver.title')}
      centered
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Choose {...rest} onCancel={onCancel} />
    </Modal>
  )
}

/** Without a limit of their own nobody is handed dialogs by the rule, but colleagues still may. */
function isFull(o: Operator): boolean {
  return o.limit > 0 && o.open >= o.limit
}

const loadOf = (o: Operator) => (o.limit > 0 ? o.open / o.limit : 0)

const byState = { online: 0, pause: 1, offline: 2 }

function useCandidates(query: string) {
  const { company } = useSession()
  const operators = useQuery({ ...operatorsQuery(company.id), staleTime: 0 })
  const groups = useQuery(groupsQuery(company.id))
  const wanted = query.trim().toLocaleLowerCase()
  const fits = ({ name }: { name: string }) => name.toLocaleLowerCase().includes(wanted)
  return {
    loading: operators.isPending,
    error: operators.data ? null : operators.error,
    retry: () => void operators.refetch(),
    operators: (operators.data?.items ?? [])
      .filter(fits)
      .sort((a, b) => byState[a.state] - byState[b.state] || loadOf(a) - loadOf(b)),
    groups: (groups.data ?? []).filter(fits),
  }
}

function Choose({ head, action, onDone, onCancel }: Omit<Props, 'opened'>) {
  const { t } = useTranslation('panel')
  const { user } = useSession()
  const [query, setQuery] = useState('')
  const [choice, setChoice] = useState<Choice | null>(null)
  const [comment, setComment] = useState('')
  const found = useCandidates(query)
  const nothing = found.operators.length + found.groups.length === 0

  const submit = () => {
    if (!choice) return
    action.mutate({ do: 'hand-over', ...choice, comment: comment.trim() }, { onSuccess: onDone })
  }
  return (
    <Stack gap="md">
      <SearchField
        value={query}
        onChange={setQuery}
        placeholder={t('panel:handOver.search')}
        autoFocus
      />
      <div className={classes.list}>
        {found.loading && (
          <Stack gap={8} p={8}>
            <Skeleton height={36} />
            <Skeleton height={36} />
            <Skeleton height={36} />
          </Stack>
        )}
        {found.error && <ErrorState error={found.error} onRetry={found.retry} />}
        {!found.loading && !found.error && nothing && (
          <p className={classes.nothing}>{t('panel:handOver.nobody')}</p>
        )}
        {found.operators.map((o) => (
          <UnstyledButton
            key={o.user_id}
            className={classes.row}
            aria-pressed={choice !== null && 'operator' in choice && choice.operator === o.user_id}
            disabled={o.user_id === head.assignee?.id || o.state !== 'online' || isFull(o)}
            onClick={() => setChoice({ operator: o.user_id })}
          >
            <Avatar name={o.name} size={28} state={o.state} />
            <span className={classes.words}>
              <span className={classes.name}>
                {o.user_id === user.id ? t('panel:handOver.me', { name: o.name }) : o.name}
              </span>
              <span className={classes.soft}>
                {t(`panel:own.${o.state}`)}
                {o.user_id === head.assignee?.id && ` · ${t('panel:handOver.current')}`}
              </span>
            </span>
            <span className={classes.load} data-full={isFull(o)}>
              {t('panel:handOver.load', { open: o.open, limit: o.limit })}
            </span>
          </UnstyledButton>
        ))}
        {found.groups.map((g) => {
          const online = g.members.filter((m) => m.state === 'online').length
          return (
            <UnstyledButton
              key={g.id}
              className={classes.row}
              aria-pressed={choice !== null && 'group' in choice && choice.group === g.id}
              disabled={g.members.length === 0}
              onClick={() => setChoice({ group: g.id })}
            >
              <span className={classes.groupIcon}>
                <IconUsersGroup size={16} aria-hidden />
              </span>
              <span className={classes.words}>
                <span className={classes.name}>{g.name}</span>
                <span className={classes.soft}>
                  {g.members.length === 0
                    ? t('panel:handOver.noMembers')
                    : t('panel:handOver.group', { online, count: g.members.length })}
                </span>
              </span>
            </UnstyledButton>
          )
        })}
      </div>
      <Textarea
        label={t('panel:handOver.comment')}
        description={t('panel:handOver.commentHelp')}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
        autosize
        minRows={2}
        maxRows={5}
        maxLength={1000}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          {t('ui:cancel')}
        </Button>
        <Button onClick={submit} disabled={!choice} loading={action.isPending}>
          {t('panel:action.handOver')}
        </Button>
      </Group>
    </Stack>
  )
}
