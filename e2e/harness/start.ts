import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { createServer as createSite, type Server } from 'node:http'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'

const root = resolve(import.meta.dirname, '../..')

/** What runs for the tests; stop.ts ends it. */
export interface Stand {
  folder: string
  processes: ChildProcess[]
  shop: Server
}

declare global {
  var stand: Stand | undefined
}

/**
 * Starts the real program with a Postgres of its own, the demo and the fake networks, as a newcomer does, on free
 * ports. Tests find the addresses in the environment.
 */
export default async function start(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'parley-e2e-'))
  chmodSync(folder, 0o755) // Postgres may run as another user
  const [web, smtp, smpp, fakenetPage] = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const env = {
    ...process.env,
    PARLEY_DATA: folder,
    PARLEY_ADDRESS: `127.0.0.1:${web}`,
    PARLEY_PUBLIC_URL: `http://localhost:${web}`,
    PARLEY_SMTP_URL: `smtp+plain://127.0.0.1:${smtp}`,
    PARLEY_SMS_URL: `smpp://parley:parley@127.0.0.1:${smpp}?sender=Parley&window=50`,
    PARLEY_MAIL_FROM: 'Parley <no-reply@parley.example>',
    PARLEY_LOG_LEVEL: 'warn',
  }
  const shop = await openShop()
  globalThis.stand = { folder, processes: [], shop }
  const log = openSync(join(folder, 'log'), 'a')
  execFileSync(join(root, 'bin/parley'), ['seed', 'demo'], { env, stdio: ['ignore', log, log] })
  const run = (program: string, ...args: string[]) => {
    const child = spawn(join(root, 'bin', program), args, { env, stdio: ['ignore', log, log] })
    globalThis.stand?.processes.push(child)
  }
  run(
    'fakenet',
    '--address',
    `127.0.0.1:${fakenetPage}`,
    '--smtp',
    `127.0.0.1:${smtp}`,
    '--smpp',
    `127.0.0.1:${smpp}`,
  )
  run('parley', 'serve')
  process.env.PARLEY_URL = env.PARLEY_PUBLIC_URL
  process.env.FAKENET_URL = `http://127.0.0.1:${fakenetPage}`
  process.env.PARLEY_DATA = folder
  await ready(`${process.env.PARLEY_URL}/readyz`)
}

/**
 * Somebody's own site: a page of another origin into which the widget's line, given as ?code=, is pasted. It is served
 * on this machine, since browsers keep pages of the wide web from loading anything from a local address.
 */
async function openShop(): Promise<Server> {
  const page = readFileSync(join(root, 'e2e/pages/shop.html'), 'utf8')
  const shop = createSite((request, answer) => {
    const code = new URL(request.url ?? '/', 'http://shop').searchParams.get('code') ?? ''
    answer.setHeader('Content-Type', 'text/html; charset=utf-8')
    answer.end(page.replace('{{code}}', code))
  })
  await new Promise<void>((listening) => shop.listen(0, '127.0.0.1', listening))
  const address = shop.address()
  process.env.SHOP_URL = `http://localhost:${typeof address === 'object' && address ? address.port : 0}`
  return shop
}

function freePort(): Promise<number> {
  return new Promise((found, failed) => {
    const probe = createServer()
    probe.once('error', failed)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => found(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

async function ready(url: string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; ) {
    const answer = await fetch(url).catch(() => null)
    if (answer?.ok) {
      return
    }
    await new Promise((wake) => setTimeout(wake, 100))
  }
  throw new Error(`${url} is not ready; see ${globalThis.stand?.folder}/log`)
}

/** Ends what start began. */
export async function end(stand: Stand): Promise<void> {
  await Promise.all(
    stand.processes.map(
      (child) =>
        new Promise<void>((ended) => {
          if (child.exitCode !== null) {
            return ended()
          }
          child.once('exit', () => ended())
          child.kill('SIGTERM')
        }),
    ),
  )
  stand.shop.close()
  stand.shop.closeAllConnections()
  rmSync(stand.folder, { recursive: true, force: true })
}
