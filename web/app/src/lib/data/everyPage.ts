interface PageOf<T> {
  items: T[] | null
  next_cursor?: string | null
}

/** everyPage reads a short list to its end; only for things a company has dozens of. */
export async function everyPage<T>(page: (cursor?: string) => Promise<PageOf<T>>): Promise<T[]> {
  const all: T[] = []
  let cursor: string | undefined
  do {
    const next = await page(cursor)
    all.push(...(next.items ?? []))
    cursor = next.next_cursor ?? undefined
  } while (cursor)
  return all
}
