/*
 * Fails the build when the first load (the page, its scripts and its styles, compressed) grows over the limit.
 * Later chunks and fonts load when needed and are listed for information.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'

const limit = 200 * 1024
const dist = new URL('../dist/', import.meta.url).pathname
const compressed = (file) => gzipSync(readFileSync(join(dist, file)), { level: 9 }).length

const page = readFileSync(join(dist, 'index.html'), 'utf8')
const manifest = JSON.parse(readFileSync(join(dist, '.vite/manifest.json'), 'utf8'))
const first = new Set(['index.html', 'theme.js'])
for (const [, file] of page.matchAll(/(?:src|href)="\/([^"]+\.(?:js|css))"/g)) first.add(file)

/** The texts of one language, the sign-in page and the frame belong to what a person waits for. */
const early = /locales\/ru\/(common|errors|ui|frame|account)\.json$|features\/frame\/Frame\.tsx$/
for (const [source, chunk] of Object.entries(manifest)) if (early.test(source)) include(chunk)

function include(chunk) {
  if (first.has(chunk.file)) return
  first.add(chunk.file)
  for (const css of chunk.css ?? []) first.add(css)
  for (const name of chunk.imports ?? []) include(manifest[name])
}

let total = 0
for (const file of first) {
  const size = compressed(file)
  total += size
  console.log(`${(size / 1024).toFixed(1).padStart(8)} KB  ${file}`)
}
const all = readdirSync(join(dist, 'assets')).filter((f) => /\.(js|css)$/.test(f))
console.log(
  `${(total / 1024).toFixed(1).padStart(8)} KB  first load (limit ${limit / 1024} KB); ${all.length} files in all`,
)
if (total > limit) {
  console.error('The first load is over its limit: load the new part with its route instead.')
  process.exit(1)
}
