import type { QuickReply } from '@/lib/api/types'

/** slashQuery is what stands after a "/" that begins a word at the caret; undefined when there is none. */
export function slashQuery(text: string, caret: number): string | undefined {
  return /(?:^|\s)\/([^\s/]*)$/u.exec(text.slice(0, caret))?.[1]
}

/** insertReply puts a quick reply in place of the "/word" at the caret, or at the caret itself. */
export function insertReply(
  text: string,
  caret: number,
  reply: string,
): { text: string; caret: number } {
  const query = slashQuery(text, caret)
  const from = query === undefined ? caret : caret - query.length - 1
  const before = text.slice(0, from)
  const gap = before === '' || /\s$/u.test(before) ? '' : ' '
  const start = before + gap + reply
  return { text: start + text.slice(caret), caret: start.length }
}

function rank(reply: QuickReply, words: string[]): number {
  const title = reply.title.toLocaleLowerCase()
  const rest = `${reply.folder} ${reply.text}`.toLocaleLowerCase()
  let sum = 0
  for (const word of words) {
    if (title.startsWith(word)) sum += 3
    else if (title.includes(word)) sum += 2
    else if (rest.includes(word)) sum += 1
    else return 0
  }
  return sum
}

/** findReplies keeps those that contain every word typed, titles first. */
export function findReplies(replies: readonly QuickReply[], query: string): QuickReply[] {
  const words = query.toLocaleLowerCase().split(/\s+/u).filter(Boolean)
  if (words.length === 0) return [...replies]
  return replies
    .map((reply) => ({ reply, at: rank(reply, words) }))
    .filter(({ at }) => at > 0)
    .sort((a, b) => b.at - a.at)
    .map(({ reply }) => reply)
}

export interface Folder {
  name: string
  replies: QuickReply[]
}

/** foldersOf groups replies; those without a folder come first. */
export function foldersOf(replies: readonly QuickReply[]): Folder[] {
  const folders = new Map<string, QuickReply[]>()
  for (const reply of replies) {
    folders.set(reply.folder, [...(folders.get(reply.folder) ?? []), reply])
  }
  return [...folders]
    .map(([name, items]) => ({
      name,
      replies: items.toSorted((a, b) => a.title.localeCompare(b.title)),
    }))
    .sort((a, b) => a.name.localeCompare(b.name))
}
