import type { MantineColorScheme, MantineColorSchemeManager } from '@mantine/core'

const storageKey = 'parley.theme'

/** The value theme.js reads before the first paint; "system" of the account is Mantine's "auto". */
export const colorSchemeManager: MantineColorSchemeManager = {
  get: (fallback) => {
    const kept = localStorage.getItem(storageKey)
    return kept === 'light' || kept === 'dark' ? kept : fallback
  },
  set: (value) => localStorage.setItem(storageKey, value),
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => localStorage.removeItem(storageKey),
}

export type Theme = 'system' | 'light' | 'dark'

export function schemeOf(theme: Theme): MantineColorScheme {
  return theme === 'system' ? 'auto' : theme
}
