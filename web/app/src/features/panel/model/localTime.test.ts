import { expect, test } from 'vitest'
import { localTime } from './localTime'

const now = Date.parse('2026-11-21T10:00:00Z')

test('the contact’s clock', () => {
  expect(localTime('Asia/Yekaterinburg', now, 'en-GB')).toEqual({ clock: '15:00', offset: 'GMT+5' })
  expect(localTime('', now, 'en-GB')).toBeUndefined()
  expect(localTime('Mars/Olympus', now, 'en-GB')).toBeUndefined()
})
