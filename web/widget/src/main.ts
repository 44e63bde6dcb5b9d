import '@parley/shared/tokens.css'
import './styles/widget.css'
import type { ToFrame, ToLoader } from './bridge'
import { LiveDialog } from './dialog/live-dialog'
import { browserStore, Memory } from './dialog/storage'
import { freshToken, socketAddress, visit } from './protocol/http'
import { Socket } from './protocol/socket'
import { mount } from './ui/app'
import { Panel } from './ui/panel'
import { choose } from './words/words'

const key = decodeURIComponent(location.pathname.split('/').at(-1) ?? '')
const site = window.parent === window ? null : window.parent

interface Surroundings {
  language: string | null
  page: { url: string; title: string }
  referrer: string
  token: string | null
}

function begin({ language, page, referrer, token }: Surroundings): (message: ToFrame) => void {
  const memory = new Memory(browserStore('localStorage'), key, {
    token,
    keep: (next) => tell({ parley: 'remember', token: next }),
  })
  const tab = browserStore('sessionStorage')
  const live = new LiveDialog(
    {
      visit,
      freshToken,
      memory,
      socket: (options) => new Socket({ ...options, url: socketAddress }),
      alone,
      hasNetwork: () => navigator.onLine,
    },
    {
      key,
      page,
      referrer,
      language: choose(language, navigator.languages),
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    },
  )
  const panel = new Panel({
    live,
    tell: site && tell,
    memory: tab,
    name: `parley:${key}:open`,
    language,
  })

  addEventListener('storage', (event) => {
    const change = memory.change(event)
    if (change) {
      live.foreign(change)
    }
  })
  addEventListener('online', () => live.networkChanged())
  addEventListener('offline', () => live.networkChanged())
  addEventListener('pagehide', () => live.sleep())
  addEventListener('pageshow', (event) => event.persisted && live.wake())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      live.wake()
    }
  })

  live.begin()
  if (!site) {
    live.open()
  }
  const root = document.getElementById('root')
  if (root) {
    mount(root, { live, panel, memory: tab, draftName: `parley:${key}:draft` })
  }
  panel.reopen()
  return (message) => panel.take(message)
}

/** Locks are missing without TLS and forbidden along with storage; there one tab is all there is. */
async function alone(name: string, work: () => Promise<void>): Promise<void> {
  let begun = false
  try {
    await navigator.locks.request(`parley:${key}:${name}`, () => {
      begun = true
      return work()
    })
  } catch (error) {
    if (begun) {
      throw error
    }
    await work()
  }
}

function tell(message: ToLoader): void {
  // The page around may be any of the sites the server let this document stand in.
  site?.postMessage(message, '*')
}

if (site) {
  let take: ((message: ToFrame) => void) | null = null
  addEventListener('message', (event) => {
    const message = event.data as ToFrame
    if (event.source !== site || !message?.parley) {
      return
    }
    if (message.parley !== 'hello') {
      take?.(message)
    } else if (!take) {
      take = begin(message)
    }
  })
  tell({ parley: 'ready' })
} else {
  const language = new URL(location.href).searchParams.get('lang')
  const page = { url: location.href, title: '' }
  begin({ language, page, referrer: document.referrer, token: null })
}
