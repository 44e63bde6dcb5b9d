import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import { base } from './cabinet.ts'

const parley = join(resolve(import.meta.dirname, '../..'), 'bin/parley')

/** What `parley audit` prints about the running program's books. */
export function audit(): string {
  return execFileSync(parley, ['audit'], { encoding: 'utf8', env: process.env })
}

/** The status of GET /readyz. */
export async function readiness(): Promise<number> {
  return (await fetch(`${base()}/readyz`)).status
}
