import type { LiveDialog } from '../dialog/live-dialog'
import { titleOf } from '../dialog/rows'
import type { Store } from '../dialog/storage'
import { Drawings } from '../view/drawings'
import type { Element } from '../view/jsx-runtime'
import { Listeners } from '../view/listeners'
import { patch } from '../view/patch'
import { Announcer } from './announcer'
import type { BubbleActions } from './bubble'
import { Composer } from './composer'
import { Draft } from './draft'
import { keepFocusInside } from './focus'
import { Header } from './header'
import { LinkWords } from './link-words'
import type { Panel } from './panel'
import { Scroll, Thread } from './thread'

interface Options {
  live: LiveDialog
  panel: Panel
  /** What this tab remembers, and the name for the text being written. */
  memory: Store
  draftName: string
}

interface Screen {
  live: LiveDialog
  panel: Panel
  draft: Draft
  scroll: Scroll
  link: LinkWords
  announcer: Announcer
  drop: Drop
  actions: BubbleActions
  drawings: Drawings
}

/** Files are being dragged over the chat. */
class Drop extends Listeners {
  over = false

  set(over: boolean): void {
    if (over !== this.over) {
      this.over = over
      this.changed()
    }
  }
}

/** Draws the chat into root, and again after every change of anything it shows. */
export function mount(root: HTMLElement, { live, panel, memory, draftName }: Options): void {
  const draft = new Draft({ live, memory, name: draftName })
  const screen: Screen = {
    live,
    panel,
    draft,
    scroll: new Scroll(live),
    link: new LinkWords(),
    announcer: new Announcer(),
    drop: new Drop(),
    actions: {
      retry: live.retry.bind(live),
      discard: live.discard.bind(live),
      edit: draft.takeBack.bind(draft),
    },
    drawings: new Drawings(),
  }
  const { scroll, link, announcer, drop } = screen
  let drawn: Element | null = null
  let queued = false
  let wasOpen = false
  let wasOnline = false
  let countdown: ReturnType<typeof setTimeout> | undefined

  function draw(): void {
    queued = false
    const { state } = live
    document.title = titleOf(state.chat, panel.words)
    document.documentElement.lang = panel.words.language
    link.follow(state.link)
    announcer.follow(state, panel.words)
    const next = <App {...screen} />
    drawn = next && patch(root, drawn, next)
    grow(draft.field)
    scroll.settle(panel.isOpen)
    clearTimeout(countdown)
    if (state.outbox.some((item) => item.retryAt)) {
      countdown = setTimeout(drawSoon, 1_000)
    }
  }

  function drawSoon(): void {
    if (!queued) {
      queued = true
      queueMicrotask(draw)
    }
  }

  function react(): void {
    drawSoon()
    const online = live.state.link === 'online'
    if (online && !wasOnline) {
      draft.tray.retryAll()
      scroll.moved()
    }
    wasOnline = online
    if (panel.isOpen && !wasOpen && panel.wantsFocus) {
      draft.field?.focus()
    }
    wasOpen = panel.isOpen
  }

  for (const source of [live, panel, draft, scroll, link, drop]) {
    source.subscribe(react)
  }
  document.addEventListener('visibilitychange', drawSoon)
  draw()
}

/** As high as its text; the style sheet says how far. */
function grow(field: HTMLTextAreaElement | null): void {
  if (field) {
    field.style.height = 'auto'
    field.style.height = `${field.scrollHeight + 2}px`
  }
}

function App({ live, panel, draft, scroll, link, announcer, drop, ...rest }: Screen) {
  const { state } = live
  const { words, mayClose } = panel
  return (
    <div
      class="panel"
      role="dialog"
      aria-labelledby="title"
      onkeydown={(event) => mayClose && onKey(event, panel)}
      ondragover={(event) => hasFiles(event) && drop.set(true)}
      ondragleave={(event) => event.relatedTarget === null && drop.set(false)}
      ondrop={(event) => {
        drop.set(false)
        if (hasFiles(event)) {
          draft.tray.add([...(event.dataTransfer?.files ?? [])])
          draft.field?.focus()
        }
      }}
    >
      <Header
        title={titleOf(state.chat, panel.words)}
        chat={state.chat}
        dialog={state.dialog}
        words={words}
        onClose={mayClose ? () => panel.close() : undefined}
      />
      <div class="link" role="status" data-good={link.word === 'backOnline'}>
        {link.word && <p>{words.say(link.word)}</p>}
      </div>
      <Thread live={live} scroll={scroll} words={words} {...rest} />
      {state.link !== 'closed' && (
        <Composer draft={draft} words={words} onTyping={() => live.typing()} />
      )}
      {drop.over && <div class="drop">{words.say('drop')}</div>}
      <div class="hidden" aria-live="polite">
        {announcer.text}
      </div>
    </div>
  )
}

function onKey(event: KeyboardEvent, panel: Panel): void {
  if (event.key === 'Escape') {
    panel.close()
  } else if (event.key === 'Tab') {
    keepFocusInside(event)
  }
}

function hasFiles(event: DragEvent): boolean {
  const files = event.dataTransfer?.types.includes('Files') ?? false
  if (files) {
    event.preventDefault()
  }
  return files
}
