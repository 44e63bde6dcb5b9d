/*
 * Fails the build when a first load (the page, its scripts, styles and texts, compressed) grows over the limit.
 * Later chunks and fonts load when needed.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const limit = 200 * 1024
const dist = new URL('../dist/', import.meta.url).pathname
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
const compressed = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length

const texts = (...names) => names.map((name) => `src/locales/ru/${name}.json`)
const always = texts('common', 'errors', 'ui')
const firstLoads = {
  'sign-in': ['src/features/account/SignInPage.tsx', ...texts('account')],
  cabinet: [
    'src/routes/Cabinet.tsx',
    'src/features/home/HomePage.tsx',
    ...texts('frame', 'home', 'reminder'),
  ],
}

function filesOf(sources) {
  const files = new Set(['index.html', 'theme.js'])
  const include = (name) => {
    const chunk = manifest[name]
    if (!chunk) throw new Error(`the build has no ${name}`)
    if (files.has(chunk.file)) return
    files.add(chunk.file)
    for (const css of chunk.css ?? []) files.add(css)
    for (const inner of chunk.imports ?? []) include(inner)
  }
  for (const source of ['index.html', ...always, ...sources]) include(source)
  return [...files]
}

let failed = false
for (const [name, sources] of Object.entries(firstLoads)) {
  const sizes = filesOf(sources).map((file) => ({ file, size: compressed(file) }))
  const total = sizes.reduce((sum, { size }) => sum + size, 0)
  if (process.argv.includes('--list')) {
    for (const { file, size } of sizes.sort((a, b) => b.size - a.size)) {
      console.log(`${(size / 1024).toFixed(1).padStart(8)} KB  ${file}`)
    }
  }
  console.log(
    `${(total / 1024).toFixed(1).padStart(8)} KB  first load of ${name} (limit ${limit / 1024} KB)`,
  )
  failed ||= total > limit
}
if (failed) {
  console.error(
    'A first load is over its limit: load the new part with its route instead (node scripts/size.mjs --list).',
  )
  process.exit(1)
}
