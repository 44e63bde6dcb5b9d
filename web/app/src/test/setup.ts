import { cleanup } from '@testing-library/react'
import { afterEach, beforeAll } from 'vitest'
import { setLanguage, startI18n } from '@/lib/i18n/i18n.ts'

class NoResizeObserver implements ResizeObserver {
  observe() {}
  unobserve() {}
  disconnect() {}
}

globalThis.ResizeObserver = NoResizeObserver
window.HTMLElement.prototype.scrollIntoView = () => undefined

beforeAll(async () => {
  await startI18n()
  await setLanguage('en')
})

afterEach(cleanup)
