import '@parley/shared/tokens.css'
import './styles/widget.css'
import type { ToFrame, ToLoader } from './bridge'
import { Conversation } from './conversation/conversation'
import { browserStore, Memory } from './conversation/storage'
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
  const conversation = new Conversation(
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
    conversation,
    tell: site && tell,
    memory: tab,
    name: `parley:${key}:open`,
    language,
  })

  addEventListener('storage', (event) => {
    const change = memory.change(event)
    if (change) {
      conversation.foreign(change)
    }
  })
  addEventListener('online', () => conversation.networkChanged())
  addEventListener('offline', () => conversation.networkChanged())
  addEventListener('pagehide', () => conversation.sleep())
  addEventListener('pageshow', (event) => event.persisted && conversation.wake())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') {
      conversation.wake()
    }
  })

  conversation.begin()
  if (!site) {
    conversation.open()
  }
  const root = document.getElementById('root')
  if (root) {
    mount(root, { conversation, panel, memory: tab, draftName: `parley:${key}:draft` })
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
