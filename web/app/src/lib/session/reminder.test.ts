import { beforeEach, expect, test } from 'vitest'
import { remindAgain, takeReminder } from './reminder'

beforeEach(remindAgain)

test('a company is reminded once, each by itself, and again after a sign-in', () => {
  expect(takeReminder(12)).toBe(true)
  expect(takeReminder(12)).toBe(false)
  expect(takeReminder(1)).toBe(true)
  expect(takeReminder(12)).toBe(false)
  remindAgain()
  expect(takeReminder(12)).toBe(true)
})
