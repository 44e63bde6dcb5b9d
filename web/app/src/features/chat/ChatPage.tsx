import { Button } from '@mantine/core'
import { IconArchive } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { Chat } from '@/lib/api/types'
import { chatQuery, chatsQuery } from '@/lib/data/chats'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { useConfirm } from '@/ui/Confirm'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { TextLink } from '@/ui/links'
import { Note } from '@/ui/Note'
import { Page } from '@/ui/Page'
import { FormSkeleton } from '@/ui/Skeletons'
import { StateBadge } from '@/ui/StateBadge'
import { TabLinks } from '@/ui/TabLinks'
import { toastProblem } from '@/ui/toast'
import { CodeTab } from './CodeTab'
import { GeneralTab } from './GeneralTab'
import { LookTab } from './LookTab'
import { ResultsTab } from './ResultsTab'
import { SharingTab } from './SharingTab'
import { TextsTab } from './TextsTab'

const route = getRouteApi('/c/$company/chats/$chat')
const tabs = {
  general: GeneralTab,
  code: CodeTab,
  sharing: SharingTab,
  texts: TextsTab,
  results: ResultsTab,
  look: LookTab,
}

/** ChatPage is one chat, a tab for each subject. */
export function ChatPage() {
  const { t } = useTranslation('chat')
  const { company, chat: id } = route.useParams()
  const { tab = 'general' } = route.useSearch()
  const { may } = useSession()
  const [reloads, setReloads] = useState(0)
  const { data: chat, error, refetch } = useQuery(chatQuery(company, id))
  const up = (
    <TextLink to="/c/$company/chats" params={{ company }} size="sm">
      ← {t('chat:list.title')}
    </TextLink>
  )
  if (error && !chat) {
    return (
      <Page title={t('chat:one')} above={up}>
        <ErrorState error={error} onRetry={() => void refetch()} />
      </Page>
    )
  }
  if (!chat) {
    return (
      <Page title={t('chat:one')} above={up}>
        <FormSkeleton />
      </Page>
    )
  }
  const Tab = tabs[tab]
  const readOnly = !may('chats.manage') || chat.state === 'archived'
  return (
    <Page
      title={chat.name}
      above={up}
      lead={<CopyId id={chat.id} label={t('chat:numbered', { number: chat.number })} />}
      actions={
        chat.state === 'archived' ? (
          <StateBadge>{t('chat:archived')}</StateBadge>
        ) : (
          <Archive chat={chat} />
        )
      }
    >
      {chat.state === 'archived' && <Note>{t('chat:archivedNote')}</Note>}
      {!may('chats.manage') && <Note>{t('chat:readOnly')}</Note>}
      <TabLinks
        label={t('chat:tabs.label')}
        tabs={(Object.keys(tabs) as (keyof typeof tabs)[]).map((key) => ({
          key,
          label: t(`chat:tabs.${key}`),
          on: key === tab,
          link: {
            to: '/c/$company/chats/$chat',
            params: { company, chat: id },
            search: key === 'general' ? {} : { tab: key },
          },
        }))}
      />
      <Tab
        key={`${id} ${tab} ${reloads}`}
        chat={chat}
        readOnly={readOnly}
        onReload={() => void refetch().then(() => setReloads(reloads + 1))}
      />
    </Page>
  )
}

function Archive({ chat }: { chat: Chat }) {
  const { t } = useTranslation('chat')
  const { company, may } = useSession()
  const confirm = useConfirm()
  const client = useQueryClient()
  const archive = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/chats/{chat}/archive', {
          params: { path: { company: company.id, chat: chat.id } },
        }),
      ),
    onSuccess: () => client.invalidateQueries({ queryKey: chatsQuery(company.id).queryKey }),
    onError: (error) => toastProblem(t, error),
  })
  if (!may('chats.manage')) return null
  const ask = async () => {
    const sure = await confirm({
      title: t('chat:archive.title', { name: chat.name }),
      text: t('chat:archive.text'),
      action: t('chat:archive.action'),
      danger: true,
    })
    if (sure) archive.mutate()
  }
  return (
    <Button
      variant="default"
      leftSection={<IconArchive size={16} aria-hidden />}
      loading={archive.isPending}
      onClick={() => void ask()}
    >
      {t('chat:archive.action')}
    </Button>
  )
}
