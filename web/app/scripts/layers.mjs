/*
 * Imports go one way: routes → features → ui → lib. A feature never imports another feature, and a TSX file stays
 * readable (400 lines).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'

const root = new URL('../src/', import.meta.url).pathname
const order = ['lib', 'ui', 'features', 'routes']
const advice = {
  lib: 'lib knows nothing of the layers above it: pass what it needs as a parameter',
  ui: 'ui is for every feature: pass data and texts as properties',
  features: 'a feature may use ui and lib only: move the shared piece down',
}
const problems = []

function walk(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? walk(path) : [path]
  })
}

for (const file of walk(root).filter((f) => /\.tsx?$/.test(f) && !f.endsWith('schema.d.ts'))) {
  const source = readFileSync(file, 'utf8')
  const name = relative(root, file)
  const lines = source.split('\n').length
  const most = /\.test\./.test(file) ? 800 : 400
  if (lines > most) problems.push(`${name}: ${lines} lines, more than ${most}: split it by subject`)

  const [layer, feature] = name.split('/')
  const level = order.indexOf(layer)
  if (level < 0) continue
  for (const [, target] of source.matchAll(/(?:from|import\()\s*['"]([^'"]+)['"]/g)) {
    const resolved = target.startsWith('@/')
      ? target.slice(2)
      : target.startsWith('.')
        ? relative(root, join(dirname(file), target))
        : undefined
    if (!resolved) continue
    const [otherLayer, otherFeature] = resolved.split('/')
    const otherLevel = order.indexOf(otherLayer)
    if (otherLevel > level) problems.push(`${name} imports ${target}: ${advice[layer]}`)
    if (layer === 'features' && otherLayer === 'features' && feature !== otherFeature) {
      problems.push(`${name} imports ${target}: ${advice.features}`)
    }
  }
}

/** A Mantine component without its style sheet looks broken only where it is used, so it is easily missed. */
const sheets = ['first', 'forms', 'rest']
  .map((name) => readFileSync(join(root, `lib/theme/${name}.ts`), 'utf8'))
  .join()
const styles = new URL('../../../node_modules/@mantine/core/styles/', import.meta.url).pathname
const known = new Set(readdirSync(styles).map((file) => file.split('.')[0]))
for (const file of walk(root).filter((f) => /\.tsx?$/.test(f))) {
  for (const [, names] of readFileSync(file, 'utf8').matchAll(
    /import {([^}]*)} from '@mantine\/core'/g,
  )) {
    for (const name of names.split(',').map((n) => n.trim())) {
      if (known.has(name) && !sheets.includes(`styles/${name}.layer.css`)) {
        problems.push(
          `${relative(root, file)} uses ${name}: add its style sheet to lib/theme/rest.ts`,
        )
      }
    }
  }
}

if (problems.length > 0) {
  console.error(problems.join('\n'))
  process.exit(1)
}
