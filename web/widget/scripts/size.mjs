import { readdirSync, readFileSync } from 'node:fs'
import { brotliCompressSync, gzipSync } from 'node:zlib'

// What a visitor's browser loads first, compressed: a promise to the sites that embed the widget.
const limits = { 'widget.js': 3 * 1024, total: 25 * 1024 }

const dist = new URL('../dist/', import.meta.url)
const names = [
  'widget.js',
  'index.html',
  ...readdirSync(new URL('assets/', dist)).map((n) => `assets/${n}`),
]
const total = { gzip: 0, brotli: 0 }
const tooLarge = []

function print(name, gzip, brotli) {
  console.log(
    `${name.padEnd(32)} gzip ${String(gzip).padStart(6)}  brotli ${String(brotli).padStart(6)}`,
  )
  if (gzip > (limits[name] ?? Number.POSITIVE_INFINITY)) {
    tooLarge.push(`${name}: ${gzip} bytes gzip, the limit is ${limits[name]}`)
  }
}

for (const name of names) {
  const content = readFileSync(new URL(name, dist))
  const gzip = gzipSync(content, { level: 9 }).length
  const brotli = brotliCompressSync(content).length
  total.gzip += gzip
  total.brotli += brotli
  print(name, gzip, brotli)
}
print('total', total.gzip, total.brotli)

if (tooLarge.length > 0) {
  console.error(tooLarge.join('\n'))
  process.exit(1)
}
