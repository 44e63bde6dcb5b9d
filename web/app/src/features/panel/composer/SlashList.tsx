import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react'
import type { QuickReply } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { usePanel } from '../data/PanelContext'
import { quickRepliesQuery } from '../data/quickReplies'
import { findReplies, slashQuery } from '../model/quickReplies'
import classes from './QuickReplies.module.css'

const most = 7

export interface Slash {
  open: boolean
  found: QuickReply[]
  active: number
  listId: string
  activeId: string | undefined
  look: (field: HTMLTextAreaElement) => void
  close: () => void
  /** key answers whether the list has used the key. */
  key: (event: KeyboardEvent) => boolean
  choose: (reply: QuickReply) => void
  point: (index: number) => void
}

/** useSlash finds quick replies while "/word" stands at the cursor. */
export function useSlash(
  dialog: string,
  field: RefObject<HTMLTextAreaElement | null>,
  text: string,
  insert: (text: string) => void,
): Slash {
  const { company } = usePanel()
  const [query, setQuery] = useState<string | undefined>()
  const [active, setActive] = useState(0)
  const [dismissed, setDismissed] = useState<string | undefined>()
  const all = useQuery({ ...quickRepliesQuery(company), enabled: query !== undefined }).data ?? []
  const found = query === undefined ? [] : findReplies(all, query).slice(0, most)
  const open = found.length > 0 && dismissed !== text
  const listId = `slash-${dialog}`
  const index = Math.min(active, found.length - 1)

  const choose = (reply: QuickReply) => {
    insert(reply.text)
    setQuery(undefined)
  }
  const move = (by: number) => setActive((index + by + found.length) % found.length)
  return {
    open,
    found,
    active: index,
    listId,
    activeId: found[index] && `${listId}-${found[index].id}`,
    look: (element) => {
      const next = slashQuery(element.value, element.selectionStart)
      if (next !== query) {
        setQuery(next)
        setActive(0)
      }
    },
    close: () => setQuery(undefined),
    choose: (reply) => {
      choose(reply)
      field.current?.focus()
    },
    point: setActive,
    key: (event) => {
      if (!open) return false
      const current = found[index]
      if (event.key === 'ArrowDown') move(1)
      else if (event.key === 'ArrowUp') move(-1)
      else if (event.key === 'Escape') setDismissed(text)
      else if ((event.key === 'Enter' || event.key === 'Tab') && current && !event.shiftKey)
        choose(current)
      else return false
      event.preventDefault()
      event.stopPropagation()
      return true
    },
  }
}

/** SlashList stands above the field while "/" is being typed. */
export function SlashList({ slash }: { slash: Slash }) {
  const { t } = useTranslation('panel')
  const { open, found, active, listId } = slash
  const list = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (open) list.current?.children[active]?.scrollIntoView({ block: 'nearest' })
  }, [open, active])
  if (!open) return null
  return (
    <div
      ref={list}
      id={listId}
      role="listbox"
      aria-label={t('panel:quick.title')}
      className={classes.slash}
    >
      {found.map((reply, i) => (
        <div
          key={reply.id}
          id={`${listId}-${reply.id}`}
          role="option"
          tabIndex={-1}
          aria-selected={i === active}
          className={classes.option}
          // The field keeps the focus: a press that took it away would close the list first.
          onMouseDown={(event) => event.preventDefault()}
          onMouseEnter={() => slash.point(i)}
          onClick={() => slash.choose(reply)}
          onKeyDown={() => undefined}
        >
          <span className={classes.optionTitle}>
            {reply.title}
            {reply.folder && <span className={classes.folder}>{reply.folder}</span>}
          </span>
          <span className={classes.optionText}>{reply.text}</span>
        </div>
      ))}
    </div>
  )
}
