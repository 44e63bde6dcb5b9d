import {
  createContext,
  type ReactNode,
  use,
  useEffect,
  useEffectEvent,
  useMemo,
  useRef,
  useState,
} from 'react'

export interface Shortcut {
  /** The physical key (KeyboardEvent.code), so that it works on a Russian layout too. */
  code: string
  /** What is printed on the key. */
  shown: string
  /** With Ctrl, or ⌘ on a Mac. Such keys work inside text fields too. */
  mod?: boolean
  shift?: boolean
  label: string
  run: () => void
}

interface Registry {
  add: (list: Shortcut[]) => () => void
  all: () => Shortcut[]
  enabled: boolean
  setEnabled: (on: boolean) => void
}

const storageKey = 'parley.keys'
const Current = createContext<Registry | null>(null)

function writing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  if (
    target.isContentEditable ||
    target.closest('[role="dialog"], [role="menu"], [role="listbox"]')
  )
    return true
  return target.matches('input:not([type="checkbox"]):not([type="radio"]), textarea, select')
}

function fits(shortcut: Shortcut, event: KeyboardEvent): boolean {
  const mod = event.ctrlKey || event.metaKey
  return (
    event.code === shortcut.code &&
    mod === Boolean(shortcut.mod) &&
    event.shiftKey === Boolean(shortcut.shift) &&
    !event.altKey
  )
}

/** ShortcutProvider listens for the keys pages register; single keys can be switched off by the person. */
export function ShortcutProvider({ children }: { children: ReactNode }) {
  const lists = useRef(new Set<Shortcut[]>())
  const [enabled, setEnabledState] = useState(() => localStorage.getItem(storageKey) !== 'off')

  const press = useEffectEvent((event: KeyboardEvent) => {
    if (event.isComposing || event.defaultPrevented) return
    for (const shortcut of [...lists.current].reverse().flat()) {
      if (!fits(shortcut, event)) continue
      if (!shortcut.mod && (!enabled || writing(event.target))) continue
      event.preventDefault()
      shortcut.run()
      return
    }
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => press(event)
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [])

  const registry = useMemo<Registry>(
    () => ({
      add: (list) => {
        lists.current.add(list)
        return () => lists.current.delete(list)
      },
      all: () => [...lists.current].flat(),
      enabled,
      setEnabled: (on) => {
        localStorage.setItem(storageKey, on ? 'on' : 'off')
        setEnabledState(on)
      },
    }),
    [enabled],
  )
  return <Current value={registry}>{children}</Current>
}

/** useShortcuts registers the keys of a page while it is shown; `?` lists them. */
export function useShortcuts(shortcuts: Shortcut[]): void {
  const registry = use(Current)
  const latest = useRef(shortcuts)
  useEffect(() => {
    latest.current = shortcuts
  })
  const shape = JSON.stringify(shortcuts.map(({ run, ...rest }) => rest))
  const add = registry?.add
  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for the list; run is read late.
  useEffect(() => {
    const list = latest.current.map((shortcut, index) => ({
      ...shortcut,
      run: () => latest.current[index]?.run(),
    }))
    return add?.(list)
  }, [add, shape])
}

export function useShortcutRegistry(): Registry {
  const registry = use(Current)
  if (!registry) throw new Error('useShortcutRegistry outside of ShortcutProvider')
  return registry
}

/** modKey is the name of the modifier on this machine. */
export const modKey = /Mac|iPhone|iPad/.test(navigator.userAgent) ? '⌘' : 'Ctrl'
