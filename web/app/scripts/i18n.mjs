/*
 * Fails when the texts are not whole: a key used in code that a language lacks, a key nobody uses, sets that differ
 * between the languages, or a placeholder present in one language only.
 * Keys are written in full, t('chat:tabs.general'); a template literal uses every key that fits it.
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const root = new URL('../src/', import.meta.url).pathname
const languages = ['en', 'ru']
const plural = /_(zero|one|two|few|many|other)$/
const wanted = { en: ['one', 'other'], ru: ['one', 'few', 'many', 'other'] }
const problems = []

function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })
}

function flatten(value, prefix) {
  if (typeof value === 'string') return [[prefix, value]]
  return Object.entries(value).flatMap(([key, inner]) =>
    flatten(inner, prefix.endsWith(':') ? prefix + key : `${prefix}.${key}`),
  )
}

const texts = Object.fromEntries(
  languages.map((language) => {
    const folder = join(root, 'locales', language)
    const entries = readdirSync(folder).flatMap((file) =>
      flatten(
        JSON.parse(readFileSync(join(folder, file), 'utf8')),
        `${file.replace('.json', '')}:`,
      ),
    )
    return [language, new Map(entries)]
  }),
)

const base = (key) => key.replace(plural, '')
const sets = Object.fromEntries(languages.map((l) => [l, new Set([...texts[l].keys()].map(base))]))

for (const [one, other] of [languages, [...languages].reverse()]) {
  for (const key of sets[one]) {
    if (!sets[other].has(key)) problems.push(`${key} exists in ${one} but not in ${other}`)
  }
}

const placeholders = (text) => [...text.matchAll(/{{\s*([\w.]+)/g)].map((m) => m[1])
const used = (language, key) =>
  new Set(
    [...texts[language]].filter(([k]) => base(k) === key).flatMap(([, text]) => placeholders(text)),
  )

for (const key of sets.en) {
  if (!sets.ru.has(key)) continue
  const [en, ru] = languages.map((l) => used(l, key))
  for (const name of new Set([...en, ...ru])) {
    if (name !== 'count' && en.has(name) !== ru.has(name))
      problems.push(`${key}: {{${name}}} is in one language only`)
  }
  for (const language of languages) {
    const forms = [...texts[language].keys()].filter((k) => k !== key && base(k) === key)
    if (forms.length === 0) continue
    for (const form of wanted[language]) {
      if (!texts[language].has(`${key}_${form}`))
        problems.push(`${key}: no plural form "${form}" in ${language}`)
    }
  }
}

for (const language of languages) {
  for (const [key, text] of texts[language]) {
    if (text.trim() === '') problems.push(`${key} is empty in ${language}`)
  }
}

const exact = new Set()
const patterns = []
const namespaces = [...new Set([...sets.en].map((key) => key.split(':')[0]))].join('|')
const quoted = new RegExp(`(['"])((?:${namespaces}):[^'"\`\\s]+)\\1`, 'g')
const template = new RegExp(`(\`)((?:${namespaces}):(?:\\$\\{[^}]*\\}|[^\`$\\s])+)\``, 'g')

for (const file of walk(root).filter((f) => /\.tsx?$/.test(f) && !/\.test\./.test(f))) {
  const source = readFileSync(file, 'utf8')
  for (const [, , key] of [...source.matchAll(quoted), ...source.matchAll(template)]) {
    if (key.includes('${')) {
      const escaped = key
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      patterns.push({ file, key, match: new RegExp(`^${escaped.join('.+')}$`) })
    } else {
      exact.add(key)
      for (const language of languages) {
        if (!sets[language].has(key))
          problems.push(`${file.replace(root, '')}: ${key} is missing in ${language}`)
      }
    }
  }
}

for (const { file, key, match } of patterns) {
  if (![...sets.en].some((k) => match.test(k)))
    problems.push(`${file.replace(root, '')}: nothing fits ${key}`)
}
for (const key of sets.en) {
  if (!exact.has(key) && !patterns.some((p) => p.match.test(key)))
    problems.push(`${key} is used nowhere`)
}

if (problems.length > 0) {
  console.error([...new Set(problems)].sort().join('\n'))
  console.error(`\n${new Set(problems).size} problems with the texts`)
  process.exit(1)
}
console.log(`${sets.en.size} texts, complete in ${languages.join(' and ')}`)
