import { end } from './start.ts'

export default async function stop(): Promise<void> {
  if (globalThis.stand) {
    await end(globalThis.stand)
  }
}
