import type { Language } from '@parley/shared/text'

type Values = Record<string, string | number | null | undefined>

/** TFunction finds a text by its full key, 'chat:tabs.general', and fills its {{placeholders}}. */
export type TFunction = (key: string, values?: Values) => string

interface Tree {
  [key: string]: string | Tree
}

const files = import.meta.glob<{ default: Tree }>('../../locales/*/*.json')

/** Every namespace belongs to a page or a part of the frame; these three are needed by all. */
const always = ['common', 'errors', 'ui']

const texts: Record<Language, Map<string, string>> = { en: new Map(), ru: new Map() }
const loads = new Map<string, Promise<void>>()
const loaded = new Set<string>()
const listeners = new Set<() => void>()
let language: Language = 'en'

function flatten(tree: Tree, prefix: string, into: Map<string, string>): void {
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') into.set(prefix + name, value)
    else flatten(value, `${prefix}${name}.`, into)
  }
}

/** loadTexts fetches a namespace in the current language once; a failed load may be tried again. */
export function loadTexts(namespace: string, wanted: Language = language): Promise<void> {
  const name = `${wanted}/${namespace}`
  const running = loads.get(name)
  if (running) return running
  const file = files[`../../locales/${name}.json`]
  if (!file) throw new Error(`no texts for ${name}`)
  const load = file().then(
    (module) => {
      flatten(module.default, `${namespace}:`, texts[wanted])
      loaded.add(name)
    },
    (error) => {
      loads.delete(name)
      throw error
    },
  )
  loads.set(name, load)
  return load
}

/** hasTexts tells whether a namespace is there, so that nobody has to wait for it. */
export function hasTexts(namespace: string): boolean {
  return loaded.has(`${language}/${namespace}`)
}

/** changeTexts switches to a language once all that is on the screen is there in it. */
export async function changeTexts(next: Language): Promise<void> {
  const shown = [...loaded].map((name) => name.split('/')[1] ?? '')
  await Promise.all([...new Set([...always, ...shown])].map((name) => loadTexts(name, next)))
  language = next
  for (const listener of listeners) listener()
}

export function onTextsChanged(listener: () => void): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

export function textsLanguage(): Language {
  return language
}

const plurals = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') }

function translator(of: Language): TFunction {
  const find = (key: string, count: Values[string]) => {
    const form =
      typeof count === 'number' ? texts[of].get(`${key}_${plurals[of].select(count)}`) : undefined
    return form ?? texts[of].get(key)
  }
  return (key, values = {}) => {
    const text = find(key, values.count) ?? key
    return text.replace(/{{\s*(\w+)\s*}}/g, (_, name: string) => String(values[name] ?? ''))
  }
}

// One function for each language, so that a component which remembers a text sees when the language changes.
const translators = { en: translator('en'), ru: translator('ru') }

/** currentTexts is what useTranslation hands out. */
export function currentTexts(): TFunction {
  return translators[language]
}

/** hasText tells whether there is such a text: the server may know codes this version has no words for. */
export function hasText(key: string): boolean {
  return texts[language].has(key)
}
