import { useSyncExternalStore } from 'react'

export interface Typist {
  author: 'contact' | 'operator'
  name: string
}

const lasts = 6_000
const typists = new Map<string, Typist>()
const timers = new Map<string, number>()
const listeners = new Set<() => void>()

function tell(): void {
  for (const listener of listeners) listener()
}

/** typingStarted shows who writes in a dialog for as long as the hints keep coming. */
export function typingStarted(dialog: string, typist: Typist): void {
  typists.set(dialog, typist)
  window.clearTimeout(timers.get(dialog))
  timers.set(
    dialog,
    window.setTimeout(() => typingEnded(dialog), lasts),
  )
  tell()
}

export function typingEnded(dialog: string, author?: Typist['author']): void {
  const known = typists.get(dialog)
  if (!known || (author && known.author !== author)) return
  window.clearTimeout(timers.get(dialog))
  typists.delete(dialog)
  tell()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** useTyping is who writes in a dialog right now. */
export function useTyping(dialog: string): Typist | undefined {
  return useSyncExternalStore(subscribe, () => typists.get(dialog))
}
