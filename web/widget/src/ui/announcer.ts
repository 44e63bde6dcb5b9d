import { nameOf } from '../dialog/rows'
import { isIncoming, type State } from '../dialog/state'
import type { Words } from '../words/words'

/** Reads new messages of the other side out to screen readers, and nothing that was there before. */
export class Announcer {
  text = ''
  #known = -1

  follow(state: State, words: Words): void {
    const { complete, messages } = state.timeline
    // The greeting was there before the server stored it, as what opens the dialog.
    const greeting = complete && messages[0]?.author === 'bot' ? messages[0] : undefined
    const last = messages.findLast((message) => isIncoming(message) && message !== greeting)
    const seq = last?.seq ?? 0
    if (last && this.#known >= 0 && seq > this.#known) {
      const files = (last.attachments ?? []).map(({ name }) => words.say('file', { name }))
      const text = [last.text, ...files].filter(Boolean).join('. ')
      this.text = words.say('says', { name: nameOf(last, state, words), text })
    }
    if (state.chat) {
      this.#known = seq
    }
  }
}
