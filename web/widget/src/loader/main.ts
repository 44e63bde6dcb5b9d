import type { ToFrame, ToLoader } from '../bridge'
import type { Page } from '../protocol/wire'
import { Launcher } from './launcher'

type UnreadListener = (count: number) => void

/** What a site can do with the chat by script: `window.Parley`. */
export interface ParleyOnPage {
  open: () => void
  close: () => void
  toggle: () => void
  /** Tells now and on every change how many messages are unread; returns how to stop that. */
  on: (event: 'unread', listener: UnreadListener) => () => void
}

declare global {
  interface Window {
    Parley?: ParleyOnPage
    navigation?: EventTarget
  }
}

/** Of an address, in characters; beyond that it says nothing to people. */
const longest = 2_000
const phone = '(max-width: 639px), (max-height: 480px)'

function start(script: HTMLScriptElement, key: string): ParleyOnPage {
  const language = script.dataset.lang ?? null
  const address = new URL(`widget/${encodeURIComponent(key)}`, script.src)
  const memory = `parley:${key}`
  const listeners = new Set<UnreadListener>()
  let launcher: Launcher | null = null
  let ready = false
  let open = false
  let wanted = false
  let unread = 0

  function tell(message: ToFrame): void {
    if (ready) {
      launcher?.frame.contentWindow?.postMessage(message, address.origin)
    }
  }

  function page(): Page {
    return { url: location.href.slice(0, longest), title: document.title.slice(0, 200) }
  }

  function tellPage(): void {
    tell({ parley: 'page', page: page() })
  }

  function remembered(): string | null {
    try {
      return localStorage.getItem(memory)
    } catch {
      return null
    }
  }

  function remember(token: string | null): void {
    try {
      if (token) {
        localStorage.setItem(memory, token)
      } else {
        localStorage.removeItem(memory)
      }
    } catch {
      // Forbidden or full: the chat remembers by itself where it may.
    }
  }

  function build(): Launcher {
    launcher ??= new Launcher(address.href, () => show(!wanted, true))
    return launcher
  }

  function show(next: boolean, focus: boolean): void {
    const shown = build()
    wanted = next
    // Nothing is shown before the chat is there to be shown; maybe it is not offered here at all.
    if (!ready || next === open) {
      return
    }
    open = next
    shown.show(open)
    fitView()
    tellPage()
    tell(open ? { parley: 'opened', focus } : { parley: 'closed' })
    if (open && focus) {
      launcher?.frame.focus()
    } else if (!open && focus) {
      launcher?.focus()
    }
  }

  function fitView(): void {
    const view = window.visualViewport
    if (open && view) {
      // Pinch zoom makes the visual viewport small as well, but then nothing covers the chat.
      const zoomed = view.scale > 1.01
      launcher?.fit(zoomed ? 0 : view.offsetTop, zoomed ? window.innerHeight : view.height)
    }
  }

  function take(message: ToLoader): void {
    switch (message.parley) {
      case 'ready':
        ready = true
        tell({
          parley: 'hello',
          language,
          page: page(),
          referrer: document.referrer.slice(0, longest),
          token: remembered(),
        })
        if (wanted) {
          show(true, true)
        }
        break
      case 'remember':
        remember(message.token)
        break
      case 'look':
        launcher?.wear(message.look)
        break
      case 'unread':
        launcher?.count(message.count, message.label)
        unread = message.count
        for (const listener of listeners) {
          listener(unread)
        }
        break
      case 'open':
        // On phones it would hide the page that the visitor asked for.
        show(!matchMedia(phone).matches, false)
        break
      case 'close':
        show(false, true)
        break
      case 'gone':
        launcher?.remove()
        // biome-ignore lint/suspicious/noConsole: the only place where a site's owner can learn why
        console.warn('Parley: this chat is not offered on this site')
    }
  }

  addEventListener('message', (event) => {
    if (
      launcher &&
      event.source === launcher.frame.contentWindow &&
      event.origin === address.origin
    ) {
      take(event.data as ToLoader)
    }
  })
  // Sites that change pages without loading them: tell where the visitor is now.
  window.navigation?.addEventListener('currententrychange', () => setTimeout(tellPage))
  addEventListener('popstate', tellPage)
  addEventListener('blur', tellPage)
  window.visualViewport?.addEventListener('resize', fitView)
  window.visualViewport?.addEventListener('scroll', fitView)

  // The site's own content comes first.
  const begin = () => {
    if ('requestIdleCallback' in window) {
      requestIdleCallback(build, { timeout: 2_000 })
    } else {
      setTimeout(build, 200)
    }
  }
  if (document.readyState === 'loading') {
    addEventListener('DOMContentLoaded', begin)
  } else {
    begin()
  }

  return {
    open: () => show(true, true),
    close: () => show(false, false),
    toggle: () => show(!wanted, true),
    on: (_event, listener) => {
      listeners.add(listener)
      listener(unread)
      return () => listeners.delete(listener)
    },
  }
}

const script =
  (document.currentScript as HTMLScriptElement | null) ??
  document.querySelector<HTMLScriptElement>('script[data-chat][src]')
const key = script?.dataset.chat

// A line pasted twice makes one chat.
if (script && key && !window.Parley) {
  window.Parley = start(script, key)
}
