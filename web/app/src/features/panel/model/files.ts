/** Limits of the server, told before anything is uploaded. */
export const limits = { textRunes: 4096, fileBytes: 20 * 1024 * 1024, filesPerMessage: 10 } as const

export type FileProblem = 'too_large' | 'too_many' | 'empty'

export interface Sorted<F> {
  accepted: F[]
  refused: { file: F; problem: FileProblem }[]
}

/** sortFiles tells which files may be uploaded beside those already there. */
export function sortFiles<F extends { size: number }>(
  already: number,
  files: readonly F[],
): Sorted<F> {
  const sorted: Sorted<F> = { accepted: [], refused: [] }
  for (const file of files) {
    const room = already + sorted.accepted.length < limits.filesPerMessage
    if (file.size === 0) sorted.refused.push({ file, problem: 'empty' })
    else if (file.size > limits.fileBytes) sorted.refused.push({ file, problem: 'too_large' })
    else if (!room) sorted.refused.push({ file, problem: 'too_many' })
    else sorted.accepted.push(file)
  }
  return sorted
}

/** runes counts as the server does: code points, so that an emoji is not two. */
export function runes(text: string): number {
  let count = 0
  for (const _ of text) count++
  return count
}

/** roomLeft is how many characters remain once that becomes interesting. */
export function roomLeft(text: string): number | undefined {
  if (text.length < limits.textRunes - 300) return undefined
  const left = limits.textRunes - runes(text)
  return left <= 200 ? left : undefined
}

/** isPicture tells what a browser draws safely in a page; SVG is a document, not a picture. */
export function isPicture(mediaType: string): boolean {
  return /^image\/(?:png|jpe?g|gif|webp|avif)$/.test(mediaType)
}

/** fitBox keeps a picture's shape inside the given box, so that its place is known before it loads. */
export function fitBox(
  width: number | null,
  height: number | null,
  box: { width: number; height: number },
): { width: number; height: number } {
  if (!width || !height) return { width: box.width, height: Math.round(box.width * 0.66) }
  const scale = Math.min(1, box.width / width, box.height / height)
  return {
    width: Math.max(48, Math.round(width * scale)),
    height: Math.max(48, Math.round(height * scale)),
  }
}
