import { Button, Group, Progress, Stack, Text } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { api, ok } from '@/lib/api/client'
import type { ContactImport } from '@/lib/api/types'
import { useLanguage, useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Facts } from '@/ui/Card'
import { ButtonLink } from '@/ui/links'
import { Note } from '@/ui/Note'
import { toastProblem } from '@/ui/toast'
import { importQuery } from '../data'

const known = ['unsupported_media', 'too_large', 'too_many_rows', 'not_found', 'internal']

/** Outcome shows how far an import is, and how it ended. */
export function Outcome({ file, onClose }: { file: ContactImport; onClose: () => void }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const client = useQueryClient()
  const running = file.state === 'running'
  useEffect(() => {
    if (!running) void client.invalidateQueries({ queryKey: ['contact-lists', company.id] })
  }, [running, client, company.id])
  return (
    <Stack gap="md">
      {running && (
        <Stack gap={4}>
          <Progress value={file.permille / 10} aria-label={t('contact:import.progress')} />
          <Text size="sm">{t('contact:import.running')}</Text>
        </Stack>
      )}
      {file.state === 'finished' && <Note>{t('contact:import.finished')}</Note>}
      {file.state === 'cancelled' && <Note meaning="warning">{t('contact:import.cancelled')}</Note>}
      {file.state === 'failed' && (
        <Note meaning="bad">
          {t(`contact:failure.${known.includes(file.reason) ? file.reason : 'internal'}`)}
        </Note>
      )}
      <Counts file={file} />
      <Group justify="flex-end">
        <ErrorFile file={file} />
        {running ? <Cancel file={file} /> : <Done file={file} onClose={onClose} />}
      </Group>
    </Stack>
  )
}

const counts = ['rows', 'added', 'updated', 'created', 'doubles', 'failed'] as const

function Counts({ file }: { file: ContactImport }) {
  const { t } = useTranslation('contact')
  const locale = useLocale()
  return (
    <Facts
      facts={counts.map((key) => ({
        name: t(`contact:counts.${key}`),
        value: <span className="numbers">{file[key].toLocaleString(locale)}</span>,
      }))}
    />
  )
}

function ErrorFile({ file }: { file: ContactImport }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const language = useLanguage()
  if (file.failed === 0) return null
  return (
    <Button
      component="a"
      href={`/api/v1/companies/${company.id}/contact-imports/${file.id}/errors?language=${language}`}
      download
      variant="default"
      leftSection={<IconDownload size={16} />}
    >
      {t('contact:import.errors')}
    </Button>
  )
}

function Done({ file, onClose }: { file: ContactImport; onClose: () => void }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  if (!file.list) return <Button onClick={onClose}>{t('ui:close')}</Button>
  return (
    <ButtonLink
      to="/c/$company/contact-lists/$list"
      params={{ company: company.id, list: file.list }}
      search={{}}
    >
      {t('contact:import.toList')}
    </ButtonLink>
  )
}

function Cancel({ file }: { file: ContactImport }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const client = useQueryClient()
  const cancel = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/contact-imports/{import}/cancel', {
          params: { path: { company: company.id, import: file.id } },
        }),
      ),
    onSuccess: (ended) => client.setQueryData(importQuery(company.id, file.id).queryKey, ended),
    onError: (error) => toastProblem(t, error),
  })
  return (
    <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
      {t('contact:import.cancel')}
    </Button>
  )
}
