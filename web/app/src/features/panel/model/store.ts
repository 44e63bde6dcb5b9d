/** Store is the part of localStorage the panel uses; a browser that refuses it keeps things for the tab's life. */
export interface Store {
  get: (key: string) => string | null
  set: (key: string, value: string) => void
  remove: (key: string) => void
  keys: () => string[]
}

export function memoryStore(): Store {
  const values = new Map<string, string>()
  return {
    get: (key) => values.get(key) ?? null,
    set: (key, value) => void values.set(key, value),
    remove: (key) => void values.delete(key),
    keys: () => [...values.keys()],
  }
}

/** browserStore never throws: a full or forbidden storage falls back to memory. */
export function browserStore(): Store {
  const fallback = memoryStore()
  return {
    get: (key) => {
      const kept = fallback.get(key)
      if (kept !== null) return kept
      try {
        return localStorage.getItem(key)
      } catch {
        return null
      }
    },
    set: (key, value) => {
      try {
        localStorage.setItem(key, value)
        fallback.remove(key)
      } catch {
        fallback.set(key, value)
      }
    },
    remove: (key) => {
      fallback.remove(key)
      try {
        localStorage.removeItem(key)
      } catch {
        // Nothing was kept there either.
      }
    },
    keys: () => {
      try {
        return [...new Set([...Object.keys(localStorage), ...fallback.keys()])]
      } catch {
        return fallback.keys()
      }
    },
  }
}

/** readJSON gives undefined for what is missing, broken, or not of the wanted shape. */
export function readJSON<T>(
  store: Store,
  key: string,
  fits: (value: unknown) => value is T,
): T | undefined {
  const raw = store.get(key)
  if (raw === null) return undefined
  try {
    const value: unknown = JSON.parse(raw)
    return fits(value) ? value : undefined
  } catch {
    return undefined
  }
}
