import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { CallError, Socket, type SocketOptions } from './socket'

/** The server's end of a WebSocket, as the protocol's tests need it. */
class Wire {
  static all: Wire[] = []
  static readonly OPEN = 1
  readyState = 0
  sent: Record<string, unknown>[] = []
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null

  constructor(readonly url: string) {
    Wire.all.push(this)
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text))
  }

  close(): void {
    this.readyState = 3
  }

  open(): void {
    this.readyState = 1
    this.onopen?.()
  }

  say(...replies: unknown[]): void {
    this.onmessage?.({ data: replies.map((reply) => JSON.stringify(reply)).join('\n') })
  }

  drop(code = 1006): void {
    this.readyState = 3
    this.onclose?.({ code })
  }
}

const wire = () => Wire.all.at(-1) as Wire
const settle = (time = 0) => vi.advanceTimersByTimeAsync(time)

function make(over: Partial<SocketOptions> = {}) {
  const heard: unknown[] = []
  const events: string[] = []
  const tokens: boolean[] = []
  const socket = new Socket({
    url: 'wss://parley.example/widget/realtime/websocket',
    token: async (fresh) => {
      tokens.push(fresh)
      return 'token'
    },
    onOpen: () => events.push('open'),
    onDown: () => events.push('down'),
    onRefused: () => events.push('refused'),
    onPublication: (data) => heard.push(data),
    ...over,
  })
  return { socket, heard, events, tokens }
}

async function connected(
  over: Partial<SocketOptions> = {},
  connect: object = { ping: 25, pong: true },
) {
  const made = make(over)
  made.socket.start()
  await settle()
  wire().open()
  wire().say({ id: 1, connect })
  await settle()
  return made
}

beforeEach(() => {
  vi.useFakeTimers()
  Wire.all = []
  vi.stubGlobal('WebSocket', Wire)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('Socket', () => {
  it('connects with its token and hands over publications', async () => {
    const { heard, events } = await connected()
    expect(wire().sent[0]).toEqual({ id: 1, connect: { token: 'token', name: 'widget' } })
    wire().say(
      { push: { channel: 'c', pub: { data: { n: 1 } } } },
      { push: { channel: 'c', pub: { data: { n: 2 } } } },
    )
    expect(heard).toEqual([{ n: 1 }, { n: 2 }])
    expect(events).toEqual(['open'])
  })

  it('answers pings, and takes silence for death', async () => {
    const { events } = await connected()
    wire().say({})
    expect(wire().sent.at(-1)).toEqual({})
    await settle(36_000)
    expect(events).toEqual(['open', 'down'])
    await settle(1_000)
    expect(Wire.all).toHaveLength(2)
  })

  it('answers calls by their number', async () => {
    const { socket } = await connected()
    const first = socket.call('a', {})
    const second = socket.call('b', { x: 1 })
    expect(wire().sent.at(-1)).toEqual({ id: 3, rpc: { method: 'b', data: { x: 1 } } })
    wire().say({ id: 3, rpc: { data: 'two' } }, { id: 2, rpc: { data: 'one' } })
    expect(await Promise.all([first, second])).toEqual(['one', 'two'])
  })

  it.each([
    [{ code: 1000, message: 'rate_limited' }, 'rate_limited'],
    [{ code: 100, message: 'internal server error', temporary: true }, 'unavailable'],
    [{ code: 104, message: 'method not found' }, 'invalid'],
    [{ code: 1000, message: 'rate_limited;retry_after=12' }, 'rate_limited', 12_000],
    [{ code: 1503, message: 'unavailable;retry_after=2', temporary: true }, 'unavailable', 2_000],
  ])('tells faults by their code: %j', async (error, code, retryAfter?: number) => {
    const { socket } = await connected()
    const call = socket.call('send', {})
    wire().say({ id: 2, error })
    await expect(call).rejects.toMatchObject({ code, retryAfter })
  })

  it('fails what was not answered when the line drops, and connects again', async () => {
    const { socket, events } = await connected()
    const call = socket.call('send', {})
    wire().drop()
    await expect(call).rejects.toEqual(new CallError('link'))
    await expect(socket.call('send', {})).rejects.toEqual(new CallError('link'))
    await settle(1_000)
    expect(Wire.all).toHaveLength(2)
    expect(events).toEqual(['open', 'down'])
  })

  it('gives up a socket that does not answer a call', async () => {
    const { socket } = await connected({}, {})
    const call = socket.call('send', {})
    const failed = expect(call).rejects.toEqual(new CallError('link'))
    await settle(10_000)
    await failed
    expect(socket.isOpen).toBe(false)
  })

  it('waits longer from try to try, and not at all when told that the network is back', async () => {
    vi.spyOn(Math, 'random').mockReturnValue(1)
    const { socket } = make()
    socket.start()
    await settle()
    for (const wait of [600, 1_000, 1_800, 3_400, 6_600, 13_000, 20_200, 20_200]) {
      const tries = Wire.all.length
      wire().drop()
      await settle(wait - 1)
      expect(Wire.all).toHaveLength(tries)
      await settle(1)
      expect(Wire.all).toHaveLength(tries + 1)
    }
    const tries = Wire.all.length
    wire().drop()
    socket.hurry()
    await settle()
    expect(Wire.all).toHaveLength(tries + 1)
  })

  it('takes a fresh token after a refused one', async () => {
    const { socket, tokens } = make()
    socket.start()
    await settle()
    wire().open()
    wire().say({ id: 1, error: { code: 109, message: 'token expired' } })
    await settle(2_000)
    expect(tokens).toEqual([false, true])
    expect(Wire.all).toHaveLength(2)
  })

  it('renews its token before it ends', async () => {
    const { tokens } = await connected({}, { expires: true, ttl: 100 })
    await settle(86_000)
    expect(tokens).toEqual([false, true])
    expect(wire().sent.at(-1)).toEqual({ id: 2, refresh: { token: 'token' } })
    wire().say({ id: 2, refresh: { expires: true, ttl: 100 } })
    await settle(86_000)
    expect(tokens).toEqual([false, true, true])
  })

  it('stops for good only when the server says so', async () => {
    const { events } = await connected()
    wire().drop(3500)
    await settle(120_000)
    expect(events).toEqual(['open', 'down', 'refused'])
    expect(Wire.all).toHaveLength(1)
  })

  it('comes back after a server that goes down with a reason', async () => {
    await connected()
    wire().drop(3001)
    await settle(1_000)
    expect(Wire.all).toHaveLength(2)
  })

  it('asks for another visit when there is no token to be had', async () => {
    const { socket, events } = make({
      token: async () => {
        throw new CallError('unauthenticated')
      },
    })
    socket.start()
    await settle()
    expect(events).toEqual(['refused'])
  })

  it('does not connect when stopped meanwhile', async () => {
    const { socket } = make()
    socket.start()
    socket.stop()
    await settle(60_000)
    expect(Wire.all).toHaveLength(0)
  })
})
