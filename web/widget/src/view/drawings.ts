import type { JSX } from './jsx-runtime'

/** Gives the same drawing again for as long as what it shows is the same; `patch` then skips it. */
export class Drawings {
  readonly #kept = new Map<string, { shown: unknown[]; drawn: JSX.Element }>()

  of(name: string, shown: unknown[], draw: () => JSX.Element): JSX.Element {
    const kept = this.#kept.get(name)
    if (kept && shown.every((value, index) => value === kept.shown[index])) {
      return kept.drawn
    }
    const drawn = draw()
    this.#kept.set(name, { shown, drawn })
    return drawn
  }
}
