import { upload } from '../protocol/http'
import { CallError } from '../protocol/socket'
import type { Attachment } from '../protocol/wire'
import { limits } from '../protocol/wire'
import { Listeners } from '../view/listeners'
import type { Word } from '../words/en'

export interface TrayFile {
  id: number
  name: string
  size: number
  /** 0 to 1. */
  share: number
  attachment: Attachment | null
  problem: Word | null
  /** The file itself is fine; trying again may help. */
  mayRetry: boolean
}

interface Held extends TrayFile {
  file: File
  cancel: () => void
}

/** The files beside a text that is being written; they go up at once, not with the message. */
export class Tray extends Listeners {
  /** What could not be taken in at all; shown until the next files come. */
  rejected: { name: string; problem: Word }[] = []
  #held: Held[] = []
  #lastId = 0
  readonly #token: () => string | null

  constructor(token: () => string | null) {
    super()
    this.#token = token
  }

  get files(): readonly TrayFile[] {
    return this.#held
  }

  get uploading(): boolean {
    return this.#held.some((file) => !file.attachment && !file.problem)
  }

  get uploaded(): boolean {
    return this.#held.some((file) => file.attachment)
  }

  get failed(): boolean {
    return this.#held.some((file) => file.problem)
  }

  add(files: Iterable<File>): void {
    this.rejected = []
    for (const file of files) {
      const problem = this.#check(file)
      if (problem) {
        this.rejected.push({ name: file.name, problem })
        continue
      }
      this.#lastId += 1
      const held: Held = {
        id: this.#lastId,
        file,
        name: file.name,
        size: file.size,
        share: 0,
        attachment: null,
        problem: null,
        mayRetry: false,
        cancel: () => undefined,
      }
      this.#held = [...this.#held, held]
      void this.#send(held)
    }
    this.changed()
  }

  remove(id: number): void {
    this.#held.find((file) => file.id === id)?.cancel()
    this.#held = this.#held.filter((file) => file.id !== id)
    this.changed()
  }

  retry(id: number): void {
    const file = this.#held.find((held) => held.id === id)
    if (file?.mayRetry) {
      void this.#send(file)
    }
  }

  /** The network is back. */
  retryAll(): void {
    for (const { id } of this.#held) {
      this.retry(id)
    }
  }

  /** Hands over what has gone up; what failed stays to be seen. */
  take(): Attachment[] {
    const done = this.#held.flatMap((file) => file.attachment ?? [])
    this.#held = this.#held.filter((file) => !file.attachment)
    this.rejected = []
    this.changed()
    return done
  }

  /** A refused message comes back to be changed. */
  putBack(attachments: readonly Attachment[]): void {
    for (const attachment of attachments) {
      this.#lastId += 1
      const { name, size } = attachment
      const file = new File([], name)
      const cancel = () => undefined
      const rest = { share: 1, problem: null, mayRetry: false }
      this.#held = [
        ...this.#held,
        { id: this.#lastId, file, name, size, attachment, cancel, ...rest },
      ]
    }
    this.changed()
  }

  #check(file: File): Word | null {
    if (this.#held.length >= limits.filesPerMessage) {
      return 'fileTooMany'
    }
    if (file.size > limits.fileBytes) {
      return 'fileTooLarge'
    }
    return file.size === 0 ? 'fileEmpty' : null
  }

  async #send(held: Held): Promise<void> {
    Object.assign(held, { problem: null, mayRetry: false, share: 0 })
    this.changed()
    const { done, cancel } = upload(held.file, this.#token() ?? '', (share) => {
      held.share = share
      this.changed()
    })
    held.cancel = cancel
    try {
      held.attachment = await done
    } catch (error) {
      const code = error instanceof CallError ? error.code : 'link'
      held.problem = problems[code] ?? 'fileFailed'
      held.mayRetry = held.problem === 'fileFailed' || held.problem === 'fileLater'
    }
    this.changed()
  }
}

const problems: Record<string, Word> = {
  too_large: 'fileTooLarge',
  unsupported_media: 'fileType',
  rate_limited: 'fileLater',
}
