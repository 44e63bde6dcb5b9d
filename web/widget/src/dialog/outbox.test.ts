import { describe, expect, it } from 'vitest'
import type { Message } from '../protocol/wire'
import { again, drop, fail, type Outgoing, put, settle, turn } from './outbox'

function outgoing(key: string, at: number, over: Partial<Outgoing> = {}): Outgoing {
  const page = { url: 'https://shop.example/', title: 'Shop' }
  return { key, text: key, attachments: [], page, at, tries: 0, ...over }
}

const keys = (outbox: readonly Outgoing[]) => outbox.map((item) => item.key)

describe('outbox', () => {
  it('keeps the order of writing, whatever the order of arrival', () => {
    const outbox = [outgoing('b', 2), outgoing('c', 3), outgoing('a', 1)].reduce(
      put,
      [] as readonly Outgoing[],
    )
    expect(keys(outbox)).toEqual(['a', 'b', 'c'])
  })

  it('replaces by key', () => {
    const outbox = put(put([], outgoing('a', 1)), outgoing('a', 1, { tries: 2 }))
    expect(outbox).toHaveLength(1)
    expect(outbox[0]?.tries).toBe(2)
  })

  it('drops and settles by key', () => {
    const outbox = [outgoing('a', 1), outgoing('b', 2)]
    expect(keys(drop(outbox, 'a'))).toEqual(['b'])
    expect(keys(settle(outbox, [{ key: 'b' } as Message]))).toEqual(['a'])
    expect(settle(outbox, [{ key: null } as Message])).toBe(outbox)
  })
})

describe('turn', () => {
  it('lets nobody overtake one that waits', () => {
    const outbox = [outgoing('a', 1, { retryAt: 5_000 }), outgoing('b', 2)]
    expect(turn(outbox, 1_000)).toEqual({ item: outbox[0], wait: 4_000 })
    expect(turn(outbox, 9_000)?.wait).toBe(0)
  })

  it('goes past one that the server will never take', () => {
    const outbox = [outgoing('a', 1, { refused: true }), outgoing('b', 2)]
    expect(turn(outbox, 0)?.item.key).toBe('b')
    expect(turn([], 0)).toBeNull()
  })
})

describe('fail', () => {
  it('tries passing faults again, later each time but not for ever later', () => {
    let item = fail(outgoing('a', 1), 'rate_limited', 1_000)
    expect(item).toMatchObject({ problem: 'rate_limited', retryAt: 11_000, tries: 1 })
    item = fail(item, 'rate_limited', 20_000)
    expect(item.retryAt).toBe(40_000)
    for (let n = 0; n < 20; n += 1) {
      item = fail(item, 'rate_limited', 0)
    }
    expect(item.retryAt).toBe(60_000)
    expect(item.refused).toBeUndefined()
  })

  it('waits for as long as the server says', () => {
    const item = fail(outgoing('a', 1), 'rate_limited', 1_000, 42_000)
    expect(item).toMatchObject({ problem: 'rate_limited', retryAt: 43_000 })
    expect(fail(item, 'unavailable', 50_000, 2_000).retryAt).toBe(52_000)
  })

  it('leaves the rest to the visitor, with the text kept', () => {
    const item = fail(outgoing('a', 1, { text: 'long' }), 'invalid', 1_000)
    expect(item).toMatchObject({ text: 'long', refused: true, problem: 'invalid' })
    expect(again(item)).toEqual({ ...outgoing('a', 1, { text: 'long' }), tries: 1 })
  })
})
