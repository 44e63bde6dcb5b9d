import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { api, ok, onSignedOut } from './client'
import { asApiError } from './error'
import { newKey } from './idempotency'

const sent: Request[] = []
let answer: () => Promise<Response>

beforeEach(() => {
  sent.length = 0
  vi.stubGlobal('fetch', (request: Request) => {
    sent.push(request)
    return answer()
  })
})
afterEach(() => vi.unstubAllGlobals())

const json = (status: number, body: unknown) => async () =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const post = (name: string) =>
  ok(
    api.POST('/api/v1/back-office/price-lists', {
      body: { name, currency: 'RUB' },
    }),
  )
const keys = () => sent.map((request) => request.headers.get('Idempotency-Key'))

describe('idempotency keys', () => {
  test('each POST has one, a repeated answer gets a new one', async () => {
    answer = json(201, {})
    await post('a')
    await post('a')
    expect(keys()[0]).toMatch(/^[0-9a-f-]{36}$/)
    expect(keys()[1]).not.toBe(keys()[0])
  })

  test('the same thing tried again after no answer keeps its key', async () => {
    answer = () => Promise.reject(new TypeError('Failed to fetch'))
    await expect(post('b')).rejects.toMatchObject({ code: 'network' })
    answer = json(503, { code: 'unavailable' })
    await expect(post('b')).rejects.toMatchObject({ code: 'unavailable' })
    answer = json(201, {})
    await post('b')
    expect(new Set(keys()).size).toBe(1)
    await post('b')
    expect(new Set(keys()).size).toBe(2)
  })

  test('something else gets another key', async () => {
    answer = () => Promise.reject(new TypeError('Failed to fetch'))
    await expect(post('c')).rejects.toMatchObject({ code: 'network' })
    await expect(post('d')).rejects.toMatchObject({ code: 'network' })
    expect(new Set(keys()).size).toBe(2)
  })

  test('keys are UUIDs without a secure context too', () => {
    vi.stubGlobal('crypto', { getRandomValues: (bytes: Uint8Array) => bytes.fill(255) })
    expect(newKey()).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
  })
})

test('a 401 tells that the sign-in is gone, a wrong password does not', async () => {
  const told = vi.fn()
  const off = onSignedOut(told)
  answer = json(401, { code: 'wrong_credentials' })
  const body = { login: 'a', password: 'b', remember: false }
  await ok(api.POST('/api/v1/sign-in', { body })).catch(asApiError)
  expect(told).not.toHaveBeenCalled()
  answer = json(401, { code: 'unauthenticated' })
  await ok(api.GET('/api/v1/me')).catch(asApiError)
  expect(told).toHaveBeenCalledOnce()
  off()
})
