import { Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import type { ContactList } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { ErrorState } from '@/ui/ErrorState'
import { FormSkeleton } from '@/ui/Skeletons'
import { importQuery } from '../data'
import { Columns } from './Columns'
import { Outcome } from './Outcome'
import { Upload } from './Upload'

interface Props {
  /** The import's id, or "new". */
  opened: string
  /** Where the contacts go; a new list by itself. */
  into?: ContactList
  onOpen: (id: string | undefined) => void
}

/** ImportDialog leads from a file to its contacts in a list. Its step follows from the import's state, so a reload keeps it. */
export function ImportDialog({ opened, into, onOpen }: Props) {
  const { t } = useTranslation('contact')
  return (
    <Modal
      opened
      onClose={() => onOpen(undefined)}
      title={into ? t('contact:import.into', { name: into.name }) : t('contact:import.title')}
      size="xl"
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      {opened === 'new' ? (
        <Upload onUploaded={onOpen} />
      ) : (
        <Steps id={opened} into={into} onOpen={onOpen} />
      )}
    </Modal>
  )
}

function Steps({ id, into, onOpen }: { id: string } & Omit<Props, 'opened'>) {
  const { company } = useSession()
  const { data, error, refetch } = useQuery(importQuery(company.id, id))
  if (error && !data) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (!data) return <FormSkeleton />
  if (data.state === 'uploaded') return <Columns file={data} into={into} />
  return <Outcome file={data} onClose={() => onOpen(undefined)} />
}
