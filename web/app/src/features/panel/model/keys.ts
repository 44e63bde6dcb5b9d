export type PanelKey =
  | 'next'
  | 'previous'
  | 'reply'
  | 'note'
  | 'assign'
  | 'close'
  | 'quickReplies'
  | 'help'

/** keyCaps are the keys by their place on the keyboard, so that they work on every layout. */
export const keyCaps: Record<PanelKey, { code: string; cap: string }> = {
  next: { code: 'KeyJ', cap: 'J' },
  previous: { code: 'KeyK', cap: 'K' },
  reply: { code: 'KeyR', cap: 'R' },
  note: { code: 'KeyN', cap: 'N' },
  assign: { code: 'KeyA', cap: 'A' },
  close: { code: 'KeyE', cap: 'E' },
  quickReplies: { code: 'Slash', cap: '/' },
  help: { code: 'Slash', cap: '?' },
}

export interface KeyPress {
  code: string
  key: string
  shiftKey: boolean
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
  repeat: boolean
  isComposing: boolean
}

const mayRepeat = new Set<PanelKey>(['next', 'previous'])

/** keyOf reads a key press; a modifier makes it somebody else's. */
export function keyOf(press: KeyPress): PanelKey | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing) return undefined
  if (press.key === '?' || (press.shiftKey && press.code === 'Slash')) return 'help'
  if (press.shiftKey) return undefined
  const found = (Object.keys(keyCaps) as PanelKey[]).find(
    (name) => name !== 'help' && keyCaps[name].code === press.code,
  )
  return found && press.repeat && !mayRepeat.has(found) ? undefined : found
}

const textInputs = new Set([
  'text',
  'search',
  'email',
  'tel',
  'url',
  'number',
  'password',
  'date',
  'time',
])

/** isTyping is true while keys belong to a field, a menu or an open window. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (target instanceof HTMLInputElement) return textInputs.has(target.type)
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  if (target.isContentEditable) return true
  return target.closest('[role="dialog"], [role="menu"], [role="listbox"]') !== null
}
