import type { Page } from './protocol/wire'

/**
 * What the loader in the site's page and the chat in its iframe tell each other. The site may see
 * all of it, so nothing of what is written in the chat passes here; the visitor's token does, since
 * the site is the only one that every browser lets remember it.
 */
export type ToFrame =
  | { parley: 'hello'; language: string | null; page: Page; referrer: string; token: string | null }
  | { parley: 'opened'; focus: boolean }
  | { parley: 'closed' }
  | { parley: 'page'; page: Page }

export type ToLoader =
  | { parley: 'ready' }
  /** Keep who the visitor is for the next page, or forget it. */
  | { parley: 'remember'; token: string | null }
  | { parley: 'look'; look: LauncherLook }
  | { parley: 'unread'; count: number; label: string }
  | { parley: 'open' }
  | { parley: 'close' }
  /** The chat is not offered on this site: take everything away. */
  | { parley: 'gone' }

export interface LauncherLook {
  accent: string
  onAccent: string
  side: 'left' | 'right'
  /** Words on the launcher; without them it is a round button. */
  text: string | null
  /** Name of the iframe and of the button, for screen readers. */
  title: string
  open: string
  close: string
}
