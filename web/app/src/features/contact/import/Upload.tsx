import { Button, FileButton, Group, Progress, Stack, Text } from '@mantine/core'
import { IconUpload } from '@tabler/icons-react'
import { useEffect, useRef, useState } from 'react'
import { upload } from '@/lib/api/client'
import { problemText } from '@/lib/api/problemText'
import type { ContactImport } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Note } from '@/ui/Note'

/** Upload takes a file and shows how far it is; leaving the dialog stops it. */
export function Upload({ onUploaded }: { onUploaded: (id: string) => void }) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const [done, setDone] = useState<number | null>(null)
  const [failed, setFailed] = useState<unknown>(null)
  const stop = useRef(new AbortController())
  useEffect(() => () => stop.current.abort(), [])

  const send = async (file: File | null) => {
    if (!file) return
    stop.current = new AbortController()
    setFailed(null)
    setDone(0)
    const url = `/api/v1/companies/${company.id}/contact-imports`
    try {
      const taken = await upload<ContactImport>(url, file, setDone, stop.current.signal)
      onUploaded(taken.id)
    } catch (error) {
      if (!stop.current.signal.aborted) setFailed(error)
    } finally {
      setDone(null)
    }
  }
  return (
    <Stack gap="md">
      <Text size="sm">{t('contact:import.uploadText')}</Text>
      {failed !== null && <Note meaning="bad">{problemText(t, failed)}</Note>}
      {done === null ? (
        <Group>
          <FileButton accept=".csv,.txt,.xlsx,text/csv" onChange={(file) => void send(file)}>
            {(props) => (
              <Button {...props} leftSection={<IconUpload size={16} />} data-autofocus>
                {t('contact:import.choose')}
              </Button>
            )}
          </FileButton>
        </Group>
      ) : (
        <Stack gap={4}>
          <Progress value={done * 100} aria-label={t('contact:import.uploading')} />
          <Text size="xs" c="dimmed">
            {t(done < 1 ? 'contact:import.uploading' : 'contact:import.looking')}
          </Text>
        </Stack>
      )}
    </Stack>
  )
}
