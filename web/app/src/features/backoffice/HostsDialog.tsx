import { Modal, TagsInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { useTranslation } from '@/lib/i18n/i18n'
import { ErrorState } from '@/ui/ErrorState'
import { Form } from '@/ui/Form'
import { FormSkeleton } from '@/ui/Skeletons'
import { toastGood } from '@/ui/toast'
import type { DialogProps } from './CompanyDialog'

/** HostsDialog names the addresses of a reseller: who registers there becomes its customer. */
export function HostsDialog(props: DialogProps) {
  const { company } = props
  const { data, error, refetch } = useQuery({
    queryKey: ['back-office', 'hosts', company.id],
    queryFn: () =>
      ok(
        api.GET('/api/v1/back-office/companies/{company}/domains', {
          params: { path: { company: company.id } },
        }),
      ),
    // What is being edited stays as it was opened.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  })
  if (data) return <Hosts {...props} hosts={data.hosts} />
  return (
    <HostsFrame {...props} dirty={false}>
      {error ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : (
        <FormSkeleton fields={1} />
      )}
    </HostsFrame>
  )
}

function HostsFrame({
  company,
  onClose,
  dirty,
  children,
}: DialogProps & { dirty: boolean; children: ReactNode }) {
  const { t } = useTranslation('backoffice')
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('backoffice:hosts.title', { name: company.name })}
      closeOnClickOutside={!dirty}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      {children}
    </Modal>
  )
}

function Hosts({ company, hosts, onClose }: DialogProps & { hosts: string[] }) {
  const { t } = useTranslation('backoffice')
  const client = useQueryClient()
  const form = useForm({ initialValues: { hosts } })
  const [typed, setTyped] = useState('')
  return (
    <HostsFrame company={company} onClose={onClose} dirty={form.isDirty() || typed !== ''}>
      <Form
        form={form}
        submit={t('backoffice:hosts.submit')}
        pristineAllowed={typed.trim() !== ''}
        onCancel={onClose}
        explain={(field, code) =>
          field === 'hosts'
            ? t(`backoffice:hosts.${code === 'taken' ? 'taken' : 'wrong'}`)
            : undefined
        }
        onSubmit={(values) =>
          ok(
            api.PUT('/api/v1/back-office/companies/{company}/domains', {
              params: { path: { company: company.id } },
              body: { hosts: [...values.hosts, ...(typed.trim() ? [typed.trim()] : [])] },
            }),
          )
        }
        onSaved={() => {
          toastGood(t('backoffice:hosts.done', { name: company.name }))
          void client.invalidateQueries({ queryKey: ['back-office', 'hosts', company.id] })
          onClose()
        }}
      >
        <TagsInput
          label={t('backoffice:hosts.label')}
          description={t('backoffice:hosts.help')}
          placeholder="chat.example.com"
          maxTags={10}
          splitChars={[',', ' ', ';']}
          data-autofocus
          searchValue={typed}
          onSearchChange={setTyped}
          {...form.getInputProps('hosts')}
        />
      </Form>
    </HostsFrame>
  )
}
