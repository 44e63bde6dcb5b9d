import type { LauncherLook } from '../bridge'
import styles from './launcher.css?inline'

/** Beats whatever the site's stylesheets say about the one element that stands among its own. */
const shield: Record<string, string> = {
  all: 'initial',
  position: 'fixed',
  right: '0',
  bottom: '0',
  width: '0',
  height: '0',
  'z-index': '2147483647',
}

const bubble =
  'M4 12a8 7.5 0 1 1 3.6 6.2L3.8 19.4l1.3-3.2A7.2 7.2 0 0 1 4 12zM8.5 10.5h7M8.5 13.5h4.5'
const arrow = 'M6 9.5l6 6 6-6'

/** The button and the frame, in a shadow tree that no style of the site reaches. */
export class Launcher {
  readonly frame = document.createElement('iframe')
  readonly #host = document.createElement('parley-widget')
  readonly #stage = document.createElement('div')
  readonly #button = document.createElement('button')
  readonly #text = document.createElement('span')
  readonly #badge = document.createElement('b')
  readonly #status = document.createElement('i')
  #look: LauncherLook | null = null
  #unread = ''

  constructor(address: string, onPress: () => void) {
    for (const [name, value] of Object.entries(shield)) {
      this.#host.style.setProperty(name, value, 'important')
    }
    const button = this.#button
    const stage = this.#stage
    const { frame } = this
    button.type = 'button'
    button.className = 'hide'
    button.setAttribute('aria-haspopup', 'dialog')
    button.append(icon(bubble), icon(arrow), this.#text, this.#badge)
    button.onclick = onPress
    this.#badge.setAttribute('aria-hidden', 'true')
    this.#status.setAttribute('role', 'status')
    frame.src = address
    // The server learns which site embeds the chat even where the site's own policy says nothing.
    frame.referrerPolicy = 'strict-origin'
    frame.allow = 'clipboard-write'
    // The frame comes first, so that Tab goes from the open chat to the button that closes it.
    stage.append(frame, button, this.#status)
    const shadow = this.#host.attachShadow({ mode: 'open' })
    dress(shadow)
    shadow.append(stage)
    // Not in body: sites that swap their body while navigating would take the chat along with it.
    document.documentElement.append(this.#host)
  }

  wear(look: LauncherLook): void {
    this.#look = look
    this.#stage.style.setProperty('--parley-accent', look.accent)
    this.#stage.style.setProperty('--parley-on', look.onAccent)
    this.#stage.classList.toggle('left', look.side === 'left')
    this.#text.textContent = look.text ?? ''
    this.#text.hidden = !look.text
    this.#button.className = look.text ? 'text' : ''
    this.frame.title = look.title
    this.#name()
  }

  show(open: boolean): void {
    this.#stage.classList.toggle('open', open)
    this.#name()
  }

  count(unread: number, label: string): void {
    this.#badge.textContent = unread > 99 ? '99+' : unread ? String(unread) : ''
    this.#unread = label
    this.#status.textContent = label
    this.#name()
  }

  focus(): void {
    this.#button.focus()
  }

  /** Above an on-screen keyboard only the visual viewport is left; the chat has to fit into it. */
  fit(top: number, height: number): void {
    this.frame.style.setProperty('--parley-top', `${top}px`)
    this.frame.style.setProperty('--parley-height', `${height}px`)
  }

  remove(): void {
    this.#host.remove()
  }

  #name(): void {
    const open = this.#stage.classList.contains('open')
    const look = this.#look
    const unread = this.#unread
    if (look) {
      const label = open ? look.close : look.open
      this.#button.setAttribute('aria-label', unread && !open ? `${label}. ${unread}` : label)
      this.#button.setAttribute('aria-expanded', String(open))
    }
  }
}

/** Constructed sheets pass a strict style policy of the site, where style elements would not. */
function dress(shadow: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(styles)
    shadow.adoptedStyleSheets = [sheet]
  } catch {
    const element = document.createElement('style')
    element.textContent = styles
    shadow.append(element)
  }
}

function icon(path: string): SVGElement {
  const namespace = 'http://www.w3.org/2000/svg'
  const svg = document.createElementNS(namespace, 'svg')
  const shape = document.createElementNS(namespace, 'path')
  svg.setAttribute('viewBox', '0 0 24 24')
  svg.setAttribute('aria-hidden', 'true')
  shape.setAttribute('d', path)
  svg.append(shape)
  return svg
}
