import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { codeProblem } from '../codeProblem'
import { useSending } from '../useSending'
import { explained } from './explained'

interface Sent {
  id: string
  by: 'phone' | 'email'
  /** What it was asked for: another number or address needs another code. */
  phone: string
  email: string
  again: number
}

interface Subject {
  phone: string
  email: string
  /** Codes go by SMS; else to the email. */
  sms: boolean
}

/** usePhoneCode takes a telephone through its confirmation: a code is sent, typed, and found right. */
export function usePhoneCode({ phone, email, sms }: Subject) {
  const { t } = useTranslation('account', 'signup')
  const language = useLanguage()
  const asking = useSending(explained(t))
  const checking = useSending((field, code, error) =>
    field === 'code' ? codeProblem(t, code, error) : undefined,
  )
  const [sent, setSent] = useState<Sent | null>(null)
  const [code, setCode] = useState('')
  const [proved, setProved] = useState<{ id: string; exists: boolean } | null>(null)
  const current =
    sent?.phone === phone && (sent.by === 'phone' || sent.email === email) ? sent : null

  const send = async () => {
    const answer = await asking.run(() =>
      ok(
        api.POST('/api/v1/sign-up/codes', {
          body: { phone, language, ...(sms ? {} : { email }) },
        }),
      ),
    )
    if (!answer) return
    const { id, by, resend_after_s } = answer.done
    checking.forget()
    setCode('')
    setProved(null)
    setSent({ id, by, phone, email, again: Date.now() + resend_after_s * 1000 })
  }
  const type = async (digits: string) => {
    setCode(digits)
    checking.forget()
    if (!current || digits.length !== 6) return
    const answer = await checking.run(() =>
      ok(
        api.POST('/api/v1/sign-up/codes/{code}/check', {
          params: { path: { code: current.id } },
          body: { code: digits },
        }),
      ),
    )
    if (answer) setProved({ id: current.id, exists: answer.done.account_exists })
  }
  const reset = () => {
    setSent(null)
    setProved(null)
  }
  return {
    asking,
    checking,
    code,
    sent: current,
    proof: proved && proved.id === current?.id ? proved : null,
    send,
    type,
    /** reset begins anew when the server no longer takes the code. */
    reset,
  }
}

export type PhoneCode = ReturnType<typeof usePhoneCode>
