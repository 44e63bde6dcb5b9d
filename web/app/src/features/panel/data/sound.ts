import { useSyncExternalStore } from 'react'

const storageKey = 'parley.panel.sound'
const listeners = new Set<() => void>()

function isOn(): boolean {
  try {
    return localStorage.getItem(storageKey) !== 'off'
  } catch {
    return true
  }
}

/** setSound is remembered on this device, where the loudspeaker is. */
export function setSound(on: boolean): void {
  try {
    localStorage.setItem(storageKey, on ? 'on' : 'off')
  } catch {
    // Without storage the switch lasts as long as the page.
  }
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

export function useSound(): boolean {
  return useSyncExternalStore(subscribe, isOn)
}

let context: AudioContext | undefined

function note(audio: AudioContext, hertz: number, at: number): void {
  const tone = audio.createOscillator()
  const volume = audio.createGain()
  tone.frequency.value = hertz
  tone.connect(volume).connect(audio.destination)
  volume.gain.setValueAtTime(0, at)
  volume.gain.linearRampToValueAtTime(0.12, at + 0.015)
  volume.gain.exponentialRampToValueAtTime(0.001, at + 0.22)
  tone.start(at)
  tone.stop(at + 0.24)
}

/** chime plays two soft notes; a browser that wants a click first stays silent. */
export function chime(kind: 'message' | 'queue'): void {
  if (!isOn() || typeof AudioContext === 'undefined') return
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume().catch(() => undefined)
  const [first, second] = kind === 'message' ? [740, 988] : [523, 659]
  note(context, first, context.currentTime)
  note(context, second, context.currentTime + 0.11)
}
