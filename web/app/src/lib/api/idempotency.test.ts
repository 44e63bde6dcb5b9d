import { expect, test } from 'vitest'
import { answered, keyFor } from './idempotency'

const post = (body: string, key?: string) =>
  new Request('http://server.example/api/v1/things', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(key ? { 'Idempotency-Key': key } : {}) },
    body,
  })

test('the same unanswered request keeps its key, another one gets its own', async () => {
  const key = await keyFor(post('{"a":1}'))
  expect(await keyFor(post('{"a":1}'))).toBe(key)
  expect(await keyFor(post('{"a":2}'))).not.toBe(key)
})

test('an answer ends the key, although the sent body cannot be read again', async () => {
  const key = await keyFor(post('{"b":1}'))
  const sent = post('{"b":1}', key)
  await sent.text()
  answered(sent)
  expect(await keyFor(post('{"b":1}'))).not.toBe(key)
})
