import { describe, expect, test } from 'vitest'
import type { Message } from '@/lib/api/types'
import { message } from '../testing/samples'
import { type NewMessage, Outbox, type Outgoing, type Refusal } from './outbox'
import { memoryStore, type Store } from './store'

const text = (t: string): NewMessage => ({ kind: 'reply', text: t, attachments: [], replyTo: null })
const settled = () => new Promise<void>((done) => queueMicrotask(() => queueMicrotask(done)))
const all = async () => {
  for (let i = 0; i < 12; i++) await settled()
}

/** A server under the test's hand: each call waits for its answer or refusal. */
function setup(store: Store = memoryStore(), now = 1000) {
  const calls: { entry: Outgoing; answer: (m: Message) => void; refuse: (r: Refusal) => void }[] =
    []
  const sent: string[] = []
  const returned: { texts: string[]; code: string }[] = []
  const timers: { work: () => void; ms: number }[] = []
  let keys = 0
  const outbox = new Outbox({
    post: (entry) =>
      new Promise((answer, refuse) => {
        calls.push({ entry, answer, refuse })
      }),
    refusalOf: (thrown) => thrown as Refusal,
    onSent: (entry) => sent.push(entry.text),
    onReturned: (_, entries, thrown) =>
      returned.push({ texts: entries.map((e) => e.text), code: (thrown as Refusal).code }),
    store,
    prefix: 'outbox.',
    now: () => now,
    newKey: () => `key-${++keys}`,
    later: (work, ms) => timers.push({ work, ms }),
  })
  const last = () => calls.at(-1) ?? expect.fail('nothing was sent')
  return { outbox, calls, sent, returned, timers, store, last }
}

const refusal = (code: string, more: Partial<Refusal> = {}): Refusal => ({
  code,
  requestId: 'r-1',
  ...more,
})

describe('Outbox', () => {
  test('sends one dialog in order and several side by side', async () => {
    const { outbox, calls, sent, last } = setup()
    outbox.send('a', text('1'))
    outbox.send('a', text('2'))
    outbox.send('b', text('x'))
    expect(calls.map((c) => c.entry.text)).toEqual(['1', 'x'])
    calls[0]?.answer(message({ seq: 1 }))
    await all()
    expect(last().entry.text).toBe('2')
    last().answer(message({ seq: 2 }))
    await all()
    expect(sent).toEqual(['1', '2'])
    expect(outbox.of('a')).toEqual([])
  })

  test('a lost answer is tried again with the same key, now or when the network is back', async () => {
    const { outbox, calls, timers, last } = setup()
    outbox.send('a', text('1'))
    last().refuse(refusal('network'))
    await all()
    expect(outbox.of('a')[0]).toMatchObject({ state: 'waiting', code: 'network' })
    expect(timers[0]?.ms).toBe(2000)
    outbox.resume()
    expect(calls.map((c) => c.entry.key)).toEqual(['key-1', 'key-1'])
    timers[0]?.work()
    expect(calls).toHaveLength(2)
    last().answer(message({ seq: 1 }))
    await all()
    expect(outbox.of('a')).toEqual([])
  })

  test('waits as long as the server says', async () => {
    const { outbox, timers, last } = setup()
    outbox.send('a', text('1'))
    last().refuse(refusal('rate_limited', { retryAfter: 7 }))
    await all()
    expect(timers[0]?.ms).toBe(7000)
  })

  test('refused by money: everything unsent of that dialog goes back, nothing stays', async () => {
    const { outbox, returned, store, last } = setup()
    outbox.send('a', text('1'))
    outbox.send('a', text('2'))
    last().refuse(refusal('insufficient_funds'))
    await all()
    expect(returned).toEqual([{ texts: ['1', '2'], code: 'insufficient_funds' }])
    expect(outbox.of('a')).toEqual([])
    expect(store.keys()).toEqual([])
  })

  test('another refusal marks it failed, the next one goes on, Retry is a new message', async () => {
    const { outbox, calls, last } = setup()
    outbox.send('a', text('1'))
    outbox.send('a', text('2'))
    calls[0]?.refuse(refusal('conflict'))
    await all()
    expect(outbox.of('a')[0]).toMatchObject({ state: 'failed', code: 'conflict', requestId: 'r-1' })
    expect(last().entry.text).toBe('2')
    last().answer(message({ seq: 2 }))
    await all()
    outbox.retry('key-1')
    expect(last().entry).toMatchObject({ text: '1', key: 'key-3' })
  })

  test('a server that stays broken ends in failed, with the same key on Retry', async () => {
    const { outbox, timers, last } = setup()
    outbox.send('a', text('1'))
    for (let i = 0; i < 4; i++) {
      last().refuse(refusal('internal'))
      await all()
      timers.shift()?.work()
    }
    expect(outbox.of('a')[0]).toMatchObject({ state: 'failed', code: 'internal' })
    outbox.retry('key-1')
    expect(last().entry.key).toBe('key-1')
  })

  test('a failed one can be taken out, one on the wire cannot', async () => {
    const { outbox, last } = setup()
    outbox.send('a', text('1'))
    expect(outbox.take('key-1')).toBeUndefined()
    last().refuse(refusal('invalid'))
    await all()
    expect(outbox.take('key-1')?.text).toBe('1')
    expect(outbox.of('a')).toEqual([])
  })
})

describe('after a reload', () => {
  test('a fresh one is sent with its key', () => {
    const { outbox: before, store } = setup()
    before.send('a', text('1'))
    const { outbox, last } = setup(store, 2000)
    expect(outbox.of('a')[0]?.state).toBe('waiting')
    outbox.resume()
    expect(last().entry).toMatchObject({ text: '1', key: 'key-1' })
  })

  test('an old one waits for its author', () => {
    const { outbox: before, store } = setup()
    before.send('a', text('1'))
    const { outbox, calls } = setup(store, 1000 + 11 * 60_000)
    outbox.resume()
    expect(outbox.of('a')[0]).toMatchObject({ state: 'failed', code: 'stale' })
    expect(calls).toEqual([])
  })

  test('rubbish in the store is swept', () => {
    const store = memoryStore()
    store.set('outbox.x', 'null')
    store.set('other', 'y')
    setup(store)
    expect(store.keys()).toEqual(['other'])
  })
})
