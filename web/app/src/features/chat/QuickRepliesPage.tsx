import { ActionIcon, Button } from '@mantine/core'
import { IconBolt, IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { QuickReply } from '@/lib/api/types'
import { quickRepliesQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { useConfirm } from '@/ui/Confirm'
import { Empty } from '@/ui/Empty'
import { ClearFilters } from '@/ui/FilterChips'
import { type Column, List, wholeList } from '@/ui/List'
import { Page } from '@/ui/Page'
import { RowButton } from '@/ui/RowButton'
import { SearchField } from '@/ui/SearchField'
import { StateBadge } from '@/ui/StateBadge'
import { Toolbar } from '@/ui/Toolbar'
import { toastProblem } from '@/ui/toast'
import { ChatSections } from './ChatSections'
import classes from './chat.module.css'
import { QuickReplyDialog } from './QuickReplyDialog'

const route = getRouteApi('/c/$company/chats/quick-replies')

/** QuickRepliesPage lists ready answers: common ones and one's own. */
export function QuickRepliesPage() {
  const { t } = useTranslation('chat')
  const { company, may } = useSession()
  const { q = '', open } = route.useSearch()
  const navigate = route.useNavigate()
  const replies = useQuery(quickRepliesQuery(company.id))
  const wanted = q.trim().toLocaleLowerCase()
  const list = wholeList(replies, ({ title, text, folder }) =>
    [title, text, folder].some((part) => part.toLocaleLowerCase().includes(wanted)),
  )
  const show = (id: string | undefined) =>
    void navigate({ search: (old) => ({ ...old, open: id }) })
  const editable = (reply: QuickReply) => reply.personal || may('quick_replies.manage')
  const create = <Button onClick={() => show('new')}>{t('chat:replies.create')}</Button>
  const opened = replies.data?.find((reply) => reply.id === open)
  return (
    <Page title={t('chat:list.title')} actions={create}>
      <ChatSections on="replies" />
      <Toolbar>
        <SearchField
          value={q}
          placeholder={t('chat:replies.search')}
          onChange={(next) =>
            void navigate({ search: (old) => ({ ...old, q: next || undefined }), replace: true })
          }
        />
        <ClearFilters on={q !== ''} onClear={() => void navigate({ search: {} })} />
      </Toolbar>
      <List
        label={t('chat:sections.replies')}
        list={list}
        columns={useColumns((reply) => (editable(reply) ? () => show(reply.id) : undefined))}
        rowKey={(reply) => reply.id}
        rowActions={(reply) => editable(reply) && <Remove reply={reply} />}
        empty={
          q ? (
            <Empty
              picture={<IconBolt />}
              title={t('chat:list.nothing')}
              text={t('chat:list.nothingText')}
            />
          ) : (
            <Empty
              picture={<IconBolt />}
              title={t('chat:replies.empty')}
              text={t('chat:replies.emptyText')}
              action={create}
            />
          )
        }
      />
      {(open === 'new' || opened) && (
        <QuickReplyDialog
          key={open}
          reply={opened}
          folders={folders(replies.data ?? [])}
          onClose={() => show(undefined)}
        />
      )}
    </Page>
  )
}

function folders(replies: QuickReply[]): string[] {
  return [...new Set(replies.map((reply) => reply.folder).filter(Boolean))].sort()
}

function useColumns(opener: (reply: QuickReply) => (() => void) | undefined): Column<QuickReply>[] {
  const { t } = useTranslation('chat')
  return [
    {
      key: 'title',
      title: t('chat:replies.title'),
      width: '24%',
      cell: (reply) => <RowButton onClick={opener(reply)}>{reply.title}</RowButton>,
    },
    {
      key: 'text',
      title: t('chat:replies.text'),
      cell: (reply) => <span className={classes.reply}>{reply.text}</span>,
    },
    { key: 'folder', title: t('chat:replies.folder'), width: '16%', cell: (reply) => reply.folder },
    {
      key: 'whose',
      title: t('chat:replies.whose'),
      width: '110px',
      cell: (reply) => (
        <StateBadge meaning={reply.personal ? 'info' : 'neutral'}>
          {t(reply.personal ? 'chat:replies.personal' : 'chat:replies.common')}
        </StateBadge>
      ),
    },
  ]
}

function Remove({ reply }: { reply: QuickReply }) {
  const { t } = useTranslation('chat')
  const { company } = useSession()
  const confirm = useConfirm()
  const client = useQueryClient()
  const remove = useMutation({
    mutationFn: () =>
      ok(
        api.DELETE('/api/v1/companies/{company}/quick-replies/{reply}', {
          params: { path: { company: company.id, reply: reply.id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: quickRepliesQuery(company.id).queryKey }),
    onError: (error) => toastProblem(t, error),
  })
  const ask = async () => {
    const sure = await confirm({
      title: t('chat:replies.removeTitle', { title: reply.title }),
      action: t('chat:replies.remove'),
      danger: true,
    })
    if (sure) remove.mutate()
  }
  return (
    <ActionIcon
      aria-label={`${t('chat:replies.remove')}: ${reply.title}`}
      loading={remove.isPending}
      onClick={() => void ask()}
    >
      <IconTrash size={16} />
    </ActionIcon>
  )
}
