const listeners = new Set<() => void>()

/** openTopUp opens the balance with its field for an amount, wherever it is called. */
export function openTopUp(): void {
  for (const listener of listeners) listener()
}

export function onOpenTopUp(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
