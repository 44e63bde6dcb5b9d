import { Button, Group } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import { IconAlertCircle, IconCheck } from '@tabler/icons-react'
import { useBlocker } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useEffect, useRef, useState } from 'react'
import { asApiError } from '@/lib/api/error'
import { fieldTexts, problemText } from '@/lib/api/problemText'
import { useTranslation } from '@/lib/i18n/i18n'
import { ConfirmDialog } from './ConfirmDialog'
import { CopyId } from './CopyId'
import classes from './Form.module.css'

/** How to save: over someone else's change only when a person has said so. */
export interface How {
  overwrite: boolean
}

interface Props<V extends object, R> {
  form: UseFormReturnType<V>
  /** The verb on the button. */
  submit: string
  /** Asks before something that cannot be taken back is saved. */
  confirm?: () => Promise<boolean>
  /** Saves; what it throws is shown and everything typed stays. */
  onSubmit: (values: V, how: How) => Promise<R>
  /** Shows what someone else has saved meanwhile and drops what was typed here. */
  onReload?: () => void
  /** Runs when all is saved, so it may leave the page without being asked. */
  onSaved?: (result: R) => void
  /** The server's field names where they differ from the form's; a name stands for all below it, '' for the form itself. */
  fieldNames?: Record<string, string>
  /** Says more than the code of a refused field does, where there is more to say. */
  explain?: (field: string, code: string) => string | undefined
  onCancel?: () => void
  /** Allows to submit a form nobody has changed, as one that creates something. */
  pristineAllowed?: boolean
  readOnly?: boolean
  children: ReactNode
}

/** Form keeps what was typed: it asks before leaving, and says at the field and on top what has to be mended. */
export function Form<V extends object, R>(props: Props<V, R>) {
  const {
    form,
    submit,
    confirm,
    onSubmit,
    onSaved,
    onReload,
    fieldNames = {},
    explain,
    onCancel,
    pristineAllowed,
    readOnly,
    children,
  } = props
  const { t } = useTranslation()
  const [failed, setFailed] = useState<unknown>(null)
  const [saving, setSaving] = useState(false)
  const [saved, setSaved] = useState(false)
  const summary = useRef<HTMLDivElement>(null)
  const dirty = form.isDirty()
  const leaving = useLeaveGuard(dirty && !saving)

  useEffect(() => {
    if (dirty) setSaved(false)
  }, [dirty])

  const save = async (values: V, how: How = { overwrite: false }) => {
    setSaving(true)
    setFailed(null)
    try {
      const result = await onSubmit(values, how)
      leaving.allow()
      form.resetDirty(values)
      setSaved(true)
      onSaved?.(result)
    } catch (error) {
      form.setErrors(renamed(fieldTexts(t, error, explain), fieldNames))
      setFailed(error)
      requestAnimationFrame(() => summary.current?.focus())
    } finally {
      setSaving(false)
    }
  }
  const handleSubmit = (event: FormEvent<HTMLFormElement>) => {
    event.stopPropagation()
    form.onSubmit(
      async (values) => {
        if (!confirm || (await confirm())) await save(values)
      },
      () => requestAnimationFrame(() => summary.current?.focus()),
    )(event)
  }

  const mistakes = Object.values(form.errors).filter(Boolean)
  return (
    <form onSubmit={handleSubmit} noValidate className={classes.form}>
      {(failed !== null || mistakes.length > 1) && (
        <div ref={summary} role="alert" tabIndex={-1} className={classes.summary}>
          <IconAlertCircle size={18} aria-hidden />
          <div>
            {failed !== null
              ? problemText(t, failed)
              : t('ui:form.mistakes', { count: mistakes.length })}
            {failed !== null && <Reference error={failed} />}
            {onReload && asApiError(failed).code === 'version_conflict' && (
              <Group gap="xs" mt="xs">
                <Button variant="default" size="xs" onClick={onReload}>
                  {t('ui:form.theirs')}
                </Button>
                <Button
                  variant="default"
                  size="xs"
                  onClick={() => void save(form.getValues(), { overwrite: true })}
                >
                  {t('ui:form.mine')}
                </Button>
              </Group>
            )}
          </div>
        </div>
      )}
      <fieldset disabled={readOnly} className={classes.fields}>
        {children}
      </fieldset>
      {!readOnly && (
        <div className={classes.footer}>
          <Button type="submit" loading={saving} disabled={!dirty && !pristineAllowed}>
            {submit}
          </Button>
          {onCancel && (
            <Button variant="subtle" color="gray" onClick={onCancel}>
              {t('ui:cancel')}
            </Button>
          )}
          <span className={classes.state} aria-live="polite">
            {saved && !dirty && (
              <>
                <IconCheck size={16} aria-hidden /> {t('ui:form.saved')}
              </>
            )}
            {dirty && !saving && !pristineAllowed && t('ui:form.unsaved')}
          </span>
        </div>
      )}
      {leaving.dialog}
    </form>
  )
}

function Reference({ error }: { error: unknown }) {
  const { t } = useTranslation()
  const { requestId, status } = asApiError(error)
  if (!requestId || status < 500) return null
  return (
    <div className={classes.reference}>
      {t('ui:error.reference')} <CopyId id={requestId} />
    </div>
  )
}

/** renamed finds a server's field, "closing_results.0.label" or "items[0].item", among the form's fields. */
export function renamed(
  texts: Record<string, string>,
  names: Record<string, string>,
): Record<string, string> {
  const rename = (server: string) => {
    const path = server.replace(/\[(\d+)\]/g, '.$1')
    for (const [from, to] of Object.entries(names)) {
      if (path === from) return to
      if (path.startsWith(`${from}.`)) return (to + path.slice(from.length)).replace(/^\./, '')
    }
    return path
  }
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [rename(name), text]))
}

function sameSearch(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}

/** useLeaveGuard asks before unsaved work is left; `allow` lets the next step through. */
export function useLeaveGuard(dirty: boolean) {
  const { t } = useTranslation()
  const allowed = useRef(false)
  useEffect(() => {
    if (dirty) allowed.current = false
  }, [dirty])
  const blocker = useBlocker({
    shouldBlockFn: ({ current, next }) =>
      dirty &&
      !allowed.current &&
      (current.pathname !== next.pathname || !sameSearch(current.search, next.search)),
    enableBeforeUnload: () => dirty && !allowed.current,
    withResolver: true,
  })
  const dialog = (
    <ConfirmDialog
      open={blocker.status === 'blocked'}
      title={t('ui:leave.title')}
      text={t('ui:leave.text')}
      action={t('ui:leave.action')}
      danger
      onAnswer={(yes) => (yes ? blocker.proceed?.() : blocker.reset?.())}
    />
  )
  return {
    allow: () => {
      allowed.current = true
    },
    dialog,
  }
}
