import { TagsInput, Textarea } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import { useEffect, useRef, useState } from 'react'
import { problemText } from '@/lib/api/problemText'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './ContactCard.module.css'

interface TagsProps {
  value: string[]
  editable: boolean
  onSave: (tags: string[]) => Promise<void>
}

/** EditableTags saves with every tag put on or taken off. */
export function EditableTags({ value, editable, onSave }: TagsProps) {
  const { t } = useTranslation('panel')
  const [tags, setTags] = useState(value)
  const [problem, setProblem] = useState<string | null>(null)
  const kept = value.join('\n')
  useEffect(() => setTags(kept ? kept.split('\n') : []), [kept])

  const change = async (next: string[]) => {
    const clean = [...new Set(next.map((tag) => tag.trim()).filter(Boolean))]
    setTags(clean)
    setProblem(null)
    try {
      await onSave(clean)
    } catch (error) {
      setTags(value)
      setProblem(problemText(t, error))
    }
  }
  return (
    <TagsInput
      label={t('panel:card.tags')}
      placeholder={tags.length === 0 ? t('panel:card.tagsPlaceholder') : undefined}
      value={tags}
      onChange={(next) => void change(next)}
      readOnly={!editable}
      maxTags={20}
      splitChars={[',', ';']}
      acceptValueOnBlur
      error={problem}
      classNames={{ root: classes.field, label: classes.label }}
    />
  )
}

interface NoteProps {
  value: string
  editable: boolean
  onSave: (note: string) => Promise<void>
}

/** EditableNote saves by itself a moment after the last letter and says so. */
export function EditableNote({ value, editable, onSave }: NoteProps) {
  const { t } = useTranslation('panel')
  const [typed, setTyped] = useState(value)
  const [state, setState] = useState<'kept' | 'typing' | 'saved' | string>('kept')
  const stored = useRef(value)

  const save = async (next: string) => {
    if (next === stored.current) return
    try {
      await onSave(next)
      stored.current = next
      setState('saved')
    } catch (error) {
      setState(problemText(t, error))
    }
  }
  const soon = useDebouncedCallback((next: string) => void save(next), {
    delay: 800,
    flushOnUnmount: true,
  })
  useEffect(() => {
    if (state !== 'typing' && value !== stored.current) {
      stored.current = value
      setTyped(value)
    }
  }, [value, state])

  const known = state === 'kept' || state === 'typing' || state === 'saved'
  return (
    <Textarea
      label={t('panel:card.note')}
      description={state === 'saved' ? t('panel:card.saved') : undefined}
      inputWrapperOrder={['label', 'input', 'description', 'error']}
      placeholder={t('panel:card.notePlaceholder')}
      value={typed}
      readOnly={!editable}
      autosize
      minRows={2}
      maxRows={10}
      maxLength={4000}
      error={known ? undefined : state}
      onChange={(event) => {
        setTyped(event.currentTarget.value)
        setState('typing')
        soon(event.currentTarget.value)
      }}
      onBlur={() => soon.flush()}
      classNames={{ root: classes.field, label: classes.label }}
    />
  )
}
