import type { Attachment } from '@/lib/api/types'
import { readJSON, type Store } from './store'

export type DraftKind = 'reply' | 'note'

/** Draft is what stands in a dialog's composer and is not sent yet. */
export interface Draft {
  kind: DraftKind
  text: string
  attachments: Attachment[]
  replyTo: string | null
  at: number
}

export const emptyDraft: Draft = {
  kind: 'reply',
  text: '',
  attachments: [],
  replyTo: null,
  at: 0,
}

export function isEmpty(draft: Draft): boolean {
  return draft.text.trim() === '' && draft.attachments.length === 0
}

function isDraft(value: unknown): value is Draft {
  if (typeof value !== 'object' || value === null) return false
  const { kind, text, attachments, at } = value as Partial<Draft>
  return (
    (kind === 'reply' || kind === 'note') &&
    typeof text === 'string' &&
    Array.isArray(attachments) &&
    typeof at === 'number'
  )
}

const keptFor = 30 * 24 * 3_600_000

/** Drafts keeps one draft per dialog on this device, so that no reload, refusal or error loses a word. */
export class Drafts {
  private readonly listeners = new Set<() => void>()
  private readonly cache = new Map<string, Draft>()

  constructor(
    private readonly store: Store,
    private readonly prefix: string,
    private readonly now: () => number = Date.now,
  ) {
    for (const key of store.keys()) {
      if (!key.startsWith(prefix)) continue
      const draft = readJSON(store, key, isDraft)
      if (!draft || this.now() - draft.at > keptFor) store.remove(key)
    }
  }

  of(dialog: string): Draft {
    const cached = this.cache.get(dialog)
    if (cached) return cached
    const draft = readJSON(this.store, this.prefix + dialog, isDraft) ?? emptyDraft
    this.cache.set(dialog, draft)
    return draft
  }

  put(dialog: string, change: Partial<Draft>): void {
    const draft = { ...this.of(dialog), ...change, at: this.now() }
    this.cache.set(dialog, draft)
    if (isEmpty(draft)) this.store.remove(this.prefix + dialog)
    else this.store.set(this.prefix + dialog, JSON.stringify(draft))
    this.tell()
  }

  clear(dialog: string): void {
    this.put(dialog, { ...emptyDraft, kind: this.of(dialog).kind })
  }

  /** giveBack puts refused texts in front of what has been typed since. */
  giveBack(
    dialog: string,
    refused: readonly Pick<Draft, 'kind' | 'text' | 'attachments' | 'replyTo'>[],
  ): void {
    const first = refused[0]
    if (!first) return
    const now = this.of(dialog)
    const texts = [...refused.map((r) => r.text), now.text].filter((text) => text.trim() !== '')
    this.put(dialog, {
      kind: first.kind,
      text: texts.join('\n'),
      attachments: [...refused.flatMap((r) => r.attachments), ...now.attachments],
      replyTo: first.replyTo ?? now.replyTo,
    })
  }

  /** changedElsewhere forgets what another tab has written over. */
  changedElsewhere(key: string | null): void {
    if (key !== null && !key.startsWith(this.prefix)) return
    if (key === null) this.cache.clear()
    else this.cache.delete(key.slice(this.prefix.length))
    this.tell()
  }

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
