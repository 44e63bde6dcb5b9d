import { Button, Checkbox, Group, Select, Stack, Text, TextInput } from '@mantine/core'
import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { fieldTexts, problemText } from '@/lib/api/problemText'
import type { ContactColumn, ContactImport, ContactList, ContactReading } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { ErrorState } from '@/ui/ErrorState'
import { Note } from '@/ui/Note'
import { FormSkeleton } from '@/ui/Skeletons'
import { importQuery } from '../data'
import { hasAddress, nameOfFile, withColumn } from '../model'
import { Sample } from './Sample'

interface Props {
  file: ContactImport
  into: ContactList | undefined
}

const delimiters = { ',': 'comma', ';': 'semicolon', '\t': 'tab', '|': 'bar' } as const
const encodings = ['utf-8', 'windows-1251', 'utf-16le', 'utf-16be'] as const

/** Columns shows the beginning of a file and asks what its columns are. */
export function Columns({ file, into }: Props) {
  const { t } = useTranslation('contact')
  const { company } = useSession()
  const [asked, setAsked] = useState<ContactReading | null>(null)
  const [chosen, setChosen] = useState<ContactColumn[] | null>(null)
  const [name, setName] = useState(nameOfFile(file.file_name))
  const { data, error, refetch } = useQuery({
    queryKey: ['contact-imports', company.id, file.id, 'preview', asked],
    queryFn: () =>
      ok(
        api.GET('/api/v1/companies/{company}/contact-imports/{import}/preview', {
          params: {
            path: { company: company.id, import: file.id },
            query: asked ? { as: 'asked', ...asked } : {},
          },
        }),
      ),
    placeholderData: keepPreviousData,
  })
  const start = useStart(file, into)
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <FormSkeleton />
  const mapping = chosen ?? data.mapping
  const read = (change: Partial<ContactReading>) => {
    setAsked({ ...data.reading, ...change })
    setChosen(null)
  }
  const wrong = start.error ? fieldTexts(t, start.error) : {}
  return (
    <Stack gap="md">
      {start.error && <Note meaning="bad">{problemText(t, start.error)}</Note>}
      {!into && (
        <TextInput
          label={t('contact:import.listName')}
          value={name}
          maxLength={100}
          error={wrong.list_name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
      )}
      <HowRead reading={data.reading} sheets={data.sheets} onChange={read} />
      <Text size="sm">{t('contact:import.columnsText')}</Text>
      <Sample
        preview={data}
        mapping={mapping}
        wrong={wrong}
        onChange={(index, next) => setChosen(withColumn(mapping, index, next))}
      />
      {!hasAddress(mapping) && <Note meaning="warning">{t('contact:import.noAddress')}</Note>}
      <Group justify="flex-end">
        <Button
          loading={start.isPending}
          disabled={!hasAddress(mapping) || (!into && !name.trim())}
          onClick={() => start.mutate({ name: name.trim(), reading: data.reading, mapping })}
        >
          {t('contact:import.start')}
        </Button>
      </Group>
    </Stack>
  )
}

interface Chosen {
  name: string
  reading: ContactReading
  mapping: ContactColumn[]
}

function useStart(file: ContactImport, into: ContactList | undefined) {
  const { company } = useSession()
  const client = useQueryClient()
  return useMutation({
    mutationFn: ({ name, reading, mapping }: Chosen) =>
      ok(
        api.POST('/api/v1/companies/{company}/contact-imports/{import}/start', {
          params: { path: { company: company.id, import: file.id } },
          body: { ...(into ? { list: into.id } : { list_name: name }), reading, mapping },
        }),
      ),
    onSuccess: (running) => {
      client.setQueryData(importQuery(company.id, file.id).queryKey, running)
      void client.invalidateQueries({ queryKey: ['contact-lists', company.id] })
    },
  })
}

interface HowReadProps {
  reading: ContactReading
  sheets: string[]
  onChange: (change: Partial<ContactReading>) => void
}

/** HowRead corrects what was found out about a file. */
function HowRead({ reading, sheets, onChange }: HowReadProps) {
  const { t } = useTranslation('contact')
  return (
    <Group gap="md" align="flex-end">
      {reading.format === 'csv' && (
        <>
          <Select
            label={t('contact:import.delimiter')}
            w={150}
            allowDeselect={false}
            data={Object.entries(delimiters).map(([value, key]) => ({
              value,
              label: t(`contact:delimiter.${key}`),
            }))}
            value={reading.delimiter}
            onChange={(value) => value && onChange({ delimiter: value })}
          />
          <Select
            label={t('contact:import.encoding')}
            w={150}
            allowDeselect={false}
            data={encodings.map((value) => ({ value, label: value.toUpperCase() }))}
            value={reading.encoding}
            onChange={(value) => value && onChange({ encoding: value })}
          />
        </>
      )}
      {sheets.length > 1 && (
        <Select
          label={t('contact:import.sheet')}
          w={220}
          allowDeselect={false}
          data={sheets.map((label, index) => ({ value: String(index), label }))}
          value={String(reading.sheet)}
          onChange={(value) => value && onChange({ sheet: Number(value) })}
        />
      )}
      <Checkbox
        label={t('contact:import.header')}
        checked={reading.header}
        onChange={(event) => onChange({ header: event.currentTarget.checked })}
        mb={8}
      />
    </Group>
  )
}
