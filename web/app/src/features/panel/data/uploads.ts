import { upload } from '@/lib/api/client'
import { asApiError } from '@/lib/api/error'
import { newKey } from '@/lib/api/idempotency'
import type { Attachment } from '@/lib/api/types'
import type { Drafts } from '../model/drafts'
import { type FileProblem, sortFiles } from '../model/files'

/** Uploading is a file on its way to the server, or one that did not get there. */
export interface Uploading {
  id: string
  dialog: string
  name: string
  size: number
  mediaType: string
  progress: number
  problem: FileProblem | string | null
}

const none: Uploading[] = []

/** Uploads go on while the person looks into another dialog; what arrives lies in the dialog's draft. */
export class Uploads {
  private byDialog = new Map<string, Uploading[]>()
  private readonly aborts = new Map<string, AbortController>()
  private readonly listeners = new Set<() => void>()

  constructor(
    private readonly url: string,
    private readonly drafts: Drafts,
  ) {}

  of = (dialog: string): Uploading[] => this.byDialog.get(dialog) ?? none

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  add(dialog: string, files: readonly File[]): void {
    const going = this.of(dialog).filter((u) => !u.problem).length
    const already = this.drafts.of(dialog).attachments.length + going
    const { accepted, refused } = sortFiles(already, files)
    for (const { file, problem } of refused) this.put(this.entry(dialog, file, problem))
    for (const file of accepted) void this.start(dialog, file)
  }

  /** remove cancels one that is on its way and forgets one that failed. */
  remove(upload: Uploading): void {
    this.aborts.get(upload.id)?.abort()
    this.drop(upload)
  }

  private async start(dialog: string, file: File): Promise<void> {
    const entry = this.entry(dialog, file, null)
    const abort = new AbortController()
    this.aborts.set(entry.id, abort)
    this.put(entry)
    try {
      const attachment = await upload<Attachment>(
        this.url,
        file,
        (progress) => this.put({ ...entry, progress }),
        abort.signal,
      )
      if (abort.signal.aborted) return
      const { attachments } = this.drafts.of(dialog)
      this.drafts.put(dialog, { attachments: [...attachments, attachment] })
      this.drop(entry)
    } catch (error) {
      if (!abort.signal.aborted) this.put({ ...entry, problem: asApiError(error).code })
    } finally {
      this.aborts.delete(entry.id)
    }
  }

  private entry(dialog: string, file: File, problem: Uploading['problem']): Uploading {
    return {
      id: newKey(),
      dialog,
      name: file.name,
      size: file.size,
      mediaType: file.type,
      progress: 0,
      problem,
    }
  }

  private put(entry: Uploading): void {
    const all = this.of(entry.dialog)
    const at = all.findIndex((u) => u.id === entry.id)
    this.byDialog.set(entry.dialog, at < 0 ? [...all, entry] : all.with(at, entry))
    this.tell()
  }

  private drop(entry: Uploading): void {
    this.byDialog.set(
      entry.dialog,
      this.of(entry.dialog).filter((u) => u.id !== entry.id),
    )
    this.tell()
  }

  private tell(): void {
    for (const listener of this.listeners) listener()
  }
}
