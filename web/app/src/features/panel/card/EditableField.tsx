import { TextInput, UnstyledButton } from '@mantine/core'
import { type KeyboardEvent, useRef, useState } from 'react'
import { asApiError } from '@/lib/api/error'
import { fieldTexts, problemText } from '@/lib/api/problemText'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './ContactCard.module.css'

interface Props {
  label: string
  value: string
  type?: 'text' | 'tel' | 'email'
  maxLength: number
  required?: boolean
  big?: boolean
  editable: boolean
  onSave: (value: string) => Promise<void>
}

/** EditableField is a fact that turns into a field when pressed: Enter keeps, Escape leaves it as it was. */
export function EditableField(props: Props) {
  const { label, value, big, editable } = props
  const { t } = useTranslation('panel')
  const [editing, setEditing] = useState(false)
  if (editing) return <Editing {...props} onDone={() => setEditing(false)} />
  const shown = <bdi className={classes.value}>{value || t('panel:card.nothing')}</bdi>
  return (
    <div className={classes.field} data-big={big}>
      {!big && <span className={classes.label}>{label}</span>}
      {editable ? (
        <UnstyledButton
          className={classes.edit}
          data-empty={value === ''}
          aria-label={t('panel:card.edit', {
            name: label,
            value: value || t('panel:card.nothing'),
          })}
          onClick={() => setEditing(true)}
        >
          {value ? shown : t('panel:card.add')}
        </UnstyledButton>
      ) : (
        shown
      )}
    </div>
  )
}

function Editing({
  label,
  value,
  type = 'text',
  maxLength,
  required,
  big,
  onSave,
  onDone,
}: Props & { onDone: () => void }) {
  const { t } = useTranslation('panel')
  const [typed, setTyped] = useState(value)
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const left = useRef(false)

  const save = async () => {
    if (left.current || saving) return
    const next = typed.trim()
    if (next === value) {
      onDone()
      return
    }
    if (required && next === '') {
      setProblem(t('errors:field.required'))
      return
    }
    setSaving(true)
    try {
      await onSave(next)
      onDone()
    } catch (error) {
      const field = Object.values(fieldTexts(t, error))[0]
      setProblem(field ?? problemText(t, asApiError(error)))
      setSaving(false)
    }
  }
  const key = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return
    if (event.key === 'Enter') {
      event.preventDefault()
      void save()
    }
    if (event.key === 'Escape') {
      event.stopPropagation()
      left.current = true
      onDone()
    }
  }
  return (
    <div className={classes.field} data-big={big}>
      <TextInput
        label={big ? undefined : label}
        aria-label={big ? label : undefined}
        type={type}
        value={typed}
        maxLength={maxLength}
        error={problem}
        readOnly={saving}
        autoFocus
        onFocus={(event) => event.currentTarget.select()}
        onChange={(event) => {
          setTyped(event.currentTarget.value)
          setProblem(null)
        }}
        onKeyDown={key}
        onBlur={() => void save()}
        classNames={{ root: classes.input, label: classes.label }}
      />
    </div>
  )
}
