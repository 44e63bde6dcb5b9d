import { Button, Group, Skeleton, Stack, Textarea, TextInput, UnstyledButton } from '@mantine/core'
import { IconPlus, IconUser } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { fieldTexts, problemText } from '@/lib/api/problemText'
import type { QuickReply } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { SearchField } from '@/ui/SearchField'
import { toastGood } from '@/ui/toast'
import { panelKeys } from '../data/api'
import { usePanel } from '../data/PanelContext'
import { createPersonalReply, quickRepliesQuery } from '../data/quickReplies'
import { findReplies, foldersOf } from '../model/quickReplies'
import classes from './QuickReplies.module.css'

/** QuickReplies lists prepared texts by folder and lets one write one's own. */
export function QuickReplies({ onChoose }: { onChoose: (text: string) => void }) {
  const [creating, setCreating] = useState(false)
  return creating ? (
    <NewReply onDone={() => setCreating(false)} />
  ) : (
    <Choose onChoose={onChoose} onNew={() => setCreating(true)} />
  )
}

function Choose({ onChoose, onNew }: { onChoose: (text: string) => void; onNew: () => void }) {
  const { t } = useTranslation('panel')
  const { company } = usePanel()
  const [query, setQuery] = useState('')
  const list = useQuery(quickRepliesQuery(company))
  const found = findReplies(list.data ?? [], query)
  return (
    <div className={classes.picker}>
      <div className={classes.top}>
        <SearchField
          value={query}
          onChange={setQuery}
          placeholder={t('panel:quick.search')}
          autoFocus
        />
      </div>
      <div className={classes.list}>
        {list.isPending && (
          <Stack gap={10} p={8} role="status" aria-label={t('ui:loading')}>
            <Skeleton height={30} />
            <Skeleton height={30} />
            <Skeleton height={30} />
          </Stack>
        )}
        {list.error && !list.data && (
          <p className={classes.nothing} role="alert">
            {problemText(t, list.error)}
          </p>
        )}
        {list.data && found.length === 0 && (
          <p className={classes.nothing}>
            {t(query ? 'panel:quick.notFound' : 'panel:quick.empty')}
          </p>
        )}
        {query
          ? found.map((reply) => <Reply key={reply.id} reply={reply} onChoose={onChoose} />)
          : foldersOf(found).map(({ name, replies }) => (
              <section key={name} aria-label={name || t('panel:quick.noFolder')}>
                {name && <h3 className={classes.heading}>{name}</h3>}
                {replies.map((reply) => (
                  <Reply key={reply.id} reply={reply} onChoose={onChoose} />
                ))}
              </section>
            ))}
      </div>
      <UnstyledButton className={classes.create} onClick={onNew}>
        <IconPlus size={16} aria-hidden />
        {t('panel:quick.create')}
      </UnstyledButton>
    </div>
  )
}

function Reply({ reply, onChoose }: { reply: QuickReply; onChoose: (text: string) => void }) {
  const { t } = useTranslation('panel')
  return (
    <UnstyledButton className={classes.option} onClick={() => onChoose(reply.text)}>
      <span className={classes.optionTitle}>
        {reply.title}
        {reply.personal && (
          <span className={classes.folder} title={t('panel:quick.personal')}>
            <IconUser size={12} aria-hidden />
            <span className="visually-hidden">{t('panel:quick.personal')}</span>
          </span>
        )}
      </span>
      <span className={classes.optionText}>{reply.text}</span>
    </UnstyledButton>
  )
}

function NewReply({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation('panel')
  const { company } = usePanel()
  const client = useQueryClient()
  const [reply, setReply] = useState({ title: '', text: '', folder: '' })
  const save = useMutation({
    mutationFn: () => createPersonalReply(company, reply),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: panelKeys.quickReplies(company) })
      toastGood(t('panel:quick.saved'))
      onDone()
    },
  })
  const problems = save.error ? fieldTexts(t, save.error) : {}
  return (
    <form
      className={classes.form}
      onSubmit={(event) => {
        event.preventDefault()
        save.mutate()
      }}
    >
      <h3 className={classes.formTitle}>{t('panel:quick.create')}</h3>
      <TextInput
        label={t('panel:quick.name')}
        required
        withAsterisk={false}
        maxLength={100}
        data-autofocus
        value={reply.title}
        error={problems.title}
        onChange={(event) => setReply({ ...reply, title: event.currentTarget.value })}
      />
      <TextInput
        label={t('panel:quick.folder')}
        maxLength={100}
        value={reply.folder}
        error={problems.folder}
        onChange={(event) => setReply({ ...reply, folder: event.currentTarget.value })}
      />
      <Textarea
        label={t('panel:quick.text')}
        required
        withAsterisk={false}
        autosize
        minRows={3}
        maxRows={8}
        maxLength={4096}
        value={reply.text}
        error={problems.text}
        onChange={(event) => setReply({ ...reply, text: event.currentTarget.value })}
      />
      {save.error && Object.keys(problems).length === 0 && (
        <p className={classes.problem} role="alert">
          {problemText(t, save.error)}
        </p>
      )}
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onDone}>
          {t('ui:cancel')}
        </Button>
        <Button type="submit" loading={save.isPending}>
          {t('panel:quick.save')}
        </Button>
      </Group>
    </form>
  )
}
