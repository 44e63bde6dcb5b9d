import { Button, Checkbox, Modal, NumberInput, Stack, Textarea } from '@mantine/core'
import { useForm } from '@mantine/form'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { CompanyUser, Role } from '@/lib/api/types'
import { companyQuery } from '@/lib/data/company'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Form } from '@/ui/Form'
import { toastGood, toastProblem } from '@/ui/toast'
import classes from './UsersPage.module.css'

const roles: Role[] = [
  'owner',
  'administrator',
  'operator',
  'analyst',
  'accountant',
  'bot_architect',
]

interface Props {
  user: CompanyUser
  onClose: () => void
}

/** UserDialog changes what a person may do and how many dialogs they get. */
export function UserDialog({ user, onClose }: Props) {
  const { t } = useTranslation('account')
  const { company } = useSession()
  const { data } = useQuery(companyQuery(company.id))
  const change = useChange(user)
  const form = useForm({
    initialValues: {
      roles: user.roles as string[],
      limit: (user.dialog_limit ?? '') as number | '',
    },
    validate: {
      roles: (value) => (value.length === 0 ? t('account:user.oneRole') : null),
      limit: (value) =>
        value === '' || (value >= 0 && value <= 10_000) ? null : t('errors:field.out_of_range'),
    },
  })
  return (
    <Modal
      opened
      onClose={onClose}
      title={user.name}
      size="md"
      closeOnClickOutside={!form.isDirty()}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Form
        form={form}
        submit={t('account:save')}
        onCancel={onClose}
        fieldNames={{ dialog_limit: 'limit' }}
        onSubmit={(values) =>
          change({
            roles: values.roles as Role[],
            dialog_limit: values.limit === '' ? null : values.limit,
          })
        }
        onSaved={() => {
          toastGood(t('account:user.saved'))
          onClose()
        }}
      >
        <Checkbox.Group label={t('account:users.roles')} {...form.getInputProps('roles')}>
          <Stack gap="sm" mt={4}>
            {roles.map((role) => (
              <Checkbox
                key={role}
                value={role}
                label={t(`account:role.${role}.name`)}
                description={t(`account:role.${role}.text`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <NumberInput
          label={t('account:user.limit')}
          description={t('account:user.limitHelp')}
          placeholder={
            data ? t('account:user.limitDefault', { count: data.max_dialogs }) : undefined
          }
          min={0}
          max={10_000}
          allowDecimal={false}
          {...form.getInputProps('limit')}
        />
      </Form>
      <Block user={user} onDone={onClose} />
    </Modal>
  )
}

type Change = { dialog_limit?: number | null; roles?: Role[]; blocked?: boolean; comment?: string }

function useChange(user: CompanyUser): (body: Change) => Promise<CompanyUser> {
  const { company } = useSession()
  const client = useQueryClient()
  return async (body) => {
    const saved = await ok(
      api.PATCH('/api/v1/companies/{company}/users/{user}', {
        params: { path: { company: company.id, user: user.id } },
        body,
      }),
    )
    await client.invalidateQueries({ queryKey: ['users', company.id] })
    return saved
  }
}

/** Block takes a person's access away at once and keeps the reason for those who manage users. */
function Block({ user, onDone }: { user: CompanyUser; onDone: () => void }) {
  const { t } = useTranslation('account')
  const { user: own } = useSession()
  const change = useChange(user)
  const [asked, setAsked] = useState(false)
  const [comment, setComment] = useState('')
  const block = useMutation({
    mutationFn: () =>
      change(user.blocked ? { blocked: false } : { blocked: true, comment: comment.trim() }),
    onSuccess: () => {
      toastGood(
        t(user.blocked ? 'account:user.unblocked' : 'account:user.blocked', { name: user.name }),
      )
      onDone()
    },
    onError: (error) => toastProblem(t, error),
  })
  if (own.id === user.id) return null
  return (
    <div className={classes.danger}>
      <p>
        {t(user.blocked ? 'account:user.isBlocked' : 'account:user.blockText')}
        {user.block_comment && <span className={classes.comment}>“{user.block_comment}”</span>}
      </p>
      {asked && (
        <Textarea
          className={classes.wide}
          label={t('account:user.comment')}
          maxLength={1000}
          autosize
          autoFocus
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
      )}
      <Button
        variant={asked ? 'filled' : 'default'}
        color={asked ? 'red' : undefined}
        loading={block.isPending}
        onClick={() => (user.blocked || asked ? block.mutate() : setAsked(true))}
      >
        {t(user.blocked ? 'account:user.unblock' : 'account:user.block')}
      </Button>
    </div>
  )
}
