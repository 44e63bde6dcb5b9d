import { Button, Loader, Stack } from '@mantine/core'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { useTranslation } from '@/lib/i18n/i18n'
import { Note } from '@/ui/Note'
import { CodeField } from '../CodeField'
import { codeProblem } from '../codeProblem'
import { Failed } from '../Failed'
import classes from '../PublicPage.module.css'
import { ResendButton } from '../ResendButton'
import { useSending } from '../useSending'

export interface Asked {
  by: 'email' | 'phone'
  codeId: string
  login: string
  /** Milliseconds of the clock, before which asking again is refused. */
  again: number
}

interface Props {
  asked: Asked
  asking: ReturnType<typeof useSending>
  onAgain: () => void
  onOther: () => void
  onToken: (token: string) => void
}

/** WayBack says what to look for; it says the same whether or not anybody has the login. */
export function WayBack({ asked, asking, onAgain, onOther, onToken }: Props) {
  const { t } = useTranslation('recovery')
  return (
    <Stack gap="md">
      <div role="status">
        <Note>{t(`recovery:sent.${asked.by}`, { login: asked.login })}</Note>
      </div>
      {asked.by === 'phone' && <Code key={asked.codeId} id={asked.codeId} onToken={onToken} />}
      <Failed error={asking.failed} />
      <div className={classes.choices}>
        <ResendButton until={asked.again} loading={asking.sending} onClick={onAgain} />
        <Button variant="subtle" size="compact-sm" color="gray" onClick={onOther}>
          {t('recovery:other')}
        </Button>
      </div>
    </Stack>
  )
}

function Code({ id, onToken }: { id: string; onToken: (token: string) => void }) {
  const { t } = useTranslation('account')
  const [code, setCode] = useState('')
  const checking = useSending((field, word, error) =>
    field === 'code' ? codeProblem(t, word, error) : undefined,
  )
  const type = async (digits: string) => {
    setCode(digits)
    checking.forget()
    if (digits.length !== 6) return
    const answer = await checking.run(() =>
      ok(api.POST('/api/v1/recovery/code', { body: { code_id: id, code: digits } })),
    )
    if (answer) onToken(answer.done.token)
  }
  return (
    <div>
      <CodeField
        label={t('recovery:code')}
        value={code}
        onChange={(digits) => void type(digits)}
        error={checking.fields.code}
        rightSection={checking.sending ? <Loader size={16} /> : undefined}
        autoFocus
      />
      {!checking.fields.code && <Failed error={checking.failed} />}
    </div>
  )
}
