import { Button, TextInput } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import { useEffect, useState } from 'react'
import { asApiError } from '@/lib/api/error'
import { fieldTexts, problemText } from '@/lib/api/problemText'
import { useTranslation } from '@/lib/i18n/i18n'
import { renamed } from '@/ui/Form'
import { useSending } from '../useSending'
import classes from './setup.module.css'
import { fieldNames } from './values'

interface Props {
  title: string
  label: string
  action: string
  done: string
  /** Where the test goes unless another place is typed. */
  to: string
  ready: boolean
  send: (to: string) => Promise<unknown>
  /** Shows what is wrong with the route at its fields. */
  onRefused: (errors: Record<string, string>) => void
}

/** Trial sends a test at once and passes on what the other side says to it. */
export function Trial({ title, label, action, done, to, ready, send, onRefused }: Props) {
  const { t } = useTranslation('setup')
  const [typed, setTyped] = useState<string | null>(null)
  const [sent, setSent] = useState('')
  const sending = useSending()
  const place = typed ?? to
  const { failed, fields } = sending
  useEffect(() => {
    if (failed === null) return
    const { to: _, ...route } = renamed(fieldTexts(t, failed), fieldNames)
    if (Object.keys(route).length > 0) onRefused(route)
  }, [failed, onRefused, t])
  const run = async () => {
    setSent('')
    if (await sending.run(() => send(place.trim()))) setSent(place.trim())
  }
  const detail = asApiError(failed).problem.detail
  return (
    <section className={classes.trial}>
      <h2 className={classes.trialTitle}>{title}</h2>
      <div className={classes.row}>
        <TextInput
          className={classes.grow}
          label={label}
          value={place}
          onChange={(e) => setTyped(e.currentTarget.value)}
          error={fields.to}
        />
        <Button
          className={classes.beside}
          variant="default"
          loading={sending.sending}
          disabled={!ready || place.trim() === ''}
          onClick={() => void run()}
        >
          {action}
        </Button>
      </div>
      {failed !== null && !fields.to && (
        <div role="alert">
          <p className={classes.bad}>{t('setup:refused')}</p>
          <p className={classes.answer}>{detail || problemText(t, failed)}</p>
        </div>
      )}
      {sent && (
        <p className={classes.good} role="status">
          <IconCheck size={18} aria-hidden /> {done} {sent}
        </p>
      )}
    </section>
  )
}
