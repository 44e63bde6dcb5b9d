import { useState } from 'react'
import { asApiError } from '@/lib/api/error'
import { fieldTexts } from '@/lib/api/problemText'
import { useTranslation } from '@/lib/i18n/i18n'

type Explain = (field: string, code: string, error: unknown) => string | undefined

/** useSending runs one request at a time and keeps what went wrong, by field where the server says so. */
export function useSending(explain?: Explain) {
  const { t } = useTranslation()
  const [sending, setSending] = useState(false)
  const [failed, setFailed] = useState<unknown>(null)
  const fields = fieldTexts(t, failed, (field, code) => explain?.(field, code, failed))
  return {
    sending,
    /** What was refused as a whole; field by field when the form shows the fields. */
    failed,
    fields,
    forget: (field?: string) => {
      if (!field || field in asApiError(failed).fields) setFailed(null)
    },
    /** run gives undefined when it failed; everything typed stays. */
    run: async <T>(request: () => Promise<T>): Promise<{ done: T } | undefined> => {
      setSending(true)
      setFailed(null)
      try {
        return { done: await request() }
      } catch (error) {
        setFailed(error)
        return undefined
      } finally {
        setSending(false)
      }
    },
  }
}
