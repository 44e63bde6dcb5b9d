import { useSyncExternalStore } from 'react'

/** Waiting times are counted on the server's clock: a desk whose own clock is wrong shows the same seconds. */
let skew = 0

/** noteServerDate learns from an answer's Date header; differences a network can explain are ignored. */
export function noteServerDate(header: string | null): void {
  const server = header ? Date.parse(header) : Number.NaN
  if (Number.isNaN(server)) return
  const difference = server - Date.now()
  skew = Math.abs(difference) > 2_500 ? difference : 0
}

export function serverNow(): number {
  return Date.now() + skew
}

const listeners = new Set<() => void>()
let timer: number | undefined
let second = Math.floor(serverNow() / 1000) * 1000

function tick(): void {
  second = Math.floor(serverNow() / 1000) * 1000
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= window.setInterval(tick, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) {
      window.clearInterval(timer)
      timer = undefined
    }
  }
}

/** useSecond is the current second; every clock on the page ticks together. */
export function useSecond(): number {
  return useSyncExternalStore(subscribe, () => second)
}
