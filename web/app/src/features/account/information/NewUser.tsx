import { Button, TextInput } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { invitationsQuery } from '@/lib/data/invitations'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { toastGood } from '@/ui/toast'
import { Failed } from '../Failed'
import { useSending } from '../useSending'
import classes from './information.module.css'

/** NewUser registers an administrator: the letter lets them set a password, or sign in and accept. */
export function NewUser() {
  const { t } = useTranslation('company')
  const { company } = useSession()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const [email, setEmail] = useState('')
  const sending = useSending()
  const { data } = useQuery(invitationsQuery(company.id))
  const submit = async (event: FormEvent) => {
    event.preventDefault()
    const done = await sending.run(() =>
      ok(
        api.POST('/api/v1/companies/{company}/invitations', {
          params: { path: { company: company.id } },
          body: { name: name.trim(), email: email.trim() },
        }),
      ),
    )
    if (!done) return
    toastGood(t('company:newUser.sent', { email: email.trim() }))
    setName('')
    setEmail('')
    void client.invalidateQueries({ queryKey: invitationsQuery(company.id).queryKey })
  }
  return (
    <Card title={t('company:newUser.title')} text={t('company:newUser.help')}>
      <form className={classes.fields} onSubmit={(event) => void submit(event)} noValidate>
        <TextInput
          label={t('company:newUser.name')}
          maxLength={100}
          value={name}
          error={sending.fields.name}
          onChange={(e) => {
            sending.forget('name')
            setName(e.currentTarget.value)
          }}
        />
        <TextInput
          label={t('company:newUser.email')}
          type="email"
          maxLength={254}
          value={email}
          error={sending.fields.email}
          onChange={(e) => {
            sending.forget('email')
            setEmail(e.currentTarget.value)
          }}
        />
        <div className={classes.wide}>
          {!sending.fields.name && !sending.fields.email && <Failed error={sending.failed} />}
          <Button
            type="submit"
            variant="default"
            loading={sending.sending}
            disabled={name.trim() === '' || email.trim() === ''}
          >
            {t('company:newUser.submit')}
          </Button>
        </div>
      </form>
      {data && data.items.length > 0 && (
        <p className={classes.waiting}>
          {t('company:newUser.waiting')} {data.items.map((one) => one.email).join(', ')}
        </p>
      )}
    </Card>
  )
}
