import { useQueryClient } from '@tanstack/react-query'
import { fireEvent, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Dialog, Me } from '@/lib/api/types'
import { meQuery, SessionProvider } from '@/lib/session/session'
import { person } from '@/test/person'
import { show } from '@/test/render'
import { PanelProvider } from '../data/PanelContext'
import { useAction } from '../data/useActions'
import type { Role } from '../model/rights'
import { head, message } from '../testing/samples'
import { Composer } from './Composer'

const me: Me = {
  user: person,
  memberships: [
    {
      company: {
        id: 12,
        name: 'Blue Bakery',
        kind: 'company',
        currency: 'RUB',
        time_zone: 'Europe/Moscow',
      },
      roles: ['operator'],
      permissions: ['panel.use'],
      unread: 0,
    },
  ],
  last_company: 12,
  consent_required: [],
}

const detail = {
  head: head({ dialog_id: 'd-1' }),
  actions: ['reply', 'note', 'close', 'hand_over', 'reopen'],
  sessions: [],
} as unknown as Dialog

interface Sent {
  key: string
  text: string
  kind: string
}

let sent: Sent[] = []
let refuse: object | undefined

/** A server that stores messages, or says no. */
async function server(input: RequestInfo | URL): Promise<Response> {
  const request = input as Request
  const body: Sent = await request.json()
  sent.push(body)
  if (refuse) return Response.json(refuse, { status: 402 })
  return Response.json(message({ seq: sent.length, key: body.key, text: body.text }), {
    status: 201,
  })
}

function Desk({ of }: { of: Role }) {
  const client = useQueryClient()
  client.setQueryData(meQuery.queryKey, me)
  return (
    <SessionProvider company={12}>
      <PanelProvider>
        <Inside role={of} />
      </PanelProvider>
    </SessionProvider>
  )
}

function Inside({ role }: { role: Role }) {
  const action = useAction('d-1')
  return (
    <Composer
      dialog="d-1"
      detail={detail}
      timeline={undefined}
      role={role}
      action={action}
      focus={0}
      quickReplies={0}
    />
  )
}

const field = () => screen.findByRole('textbox', { name: 'Answer' })

// A growing field listens for fonts, which this test browser does not have.
Object.defineProperty(document, 'fonts', { value: new EventTarget() })

beforeEach(() => {
  sent = []
  refuse = undefined
  localStorage.clear()
  vi.stubGlobal('fetch', server)
})
afterEach(() => vi.unstubAllGlobals())

test('Enter sends once and empties the field, Shift+Enter starts a line', async () => {
  await show(<Desk of="mine" />)
  const user = userEvent.setup()
  await user.type(await field(), 'one{Shift>}{Enter}{/Shift}two{Enter}{Enter}')
  await waitFor(() => expect(sent).toHaveLength(1))
  expect(sent[0]).toMatchObject({ kind: 'reply', text: 'one\ntwo' })
  expect(await field()).toHaveProperty('value', '')
})

test('an Enter that chooses a word of an input method sends nothing', async () => {
  await show(<Desk of="mine" />)
  const user = userEvent.setup()
  await user.type(await field(), 'にほん')
  fireEvent.keyDown(await field(), { key: 'Enter', isComposing: true })
  fireEvent.keyDown(await field(), { key: 'Enter', keyCode: 229 })
  expect(sent).toEqual([])
  expect(await field()).toHaveProperty('value', 'にほん')
})

test('refused for money: the text is back, the banner says what to do, the next try is a new message', async () => {
  refuse = { code: 'insufficient_funds', status: 402 }
  await show(<Desk of="mine" />)
  const user = userEvent.setup()
  await user.type(await field(), 'precious{Enter}')
  expect(await screen.findByText(/Ask your administrator/)).toBeTruthy()
  expect(await field()).toHaveProperty('value', 'precious')
  refuse = undefined
  await user.click(screen.getByRole('button', { name: 'Send again' }))
  await waitFor(() => expect(sent).toHaveLength(2))
  await waitFor(() => expect(screen.queryByText(/Ask your administrator/)).toBeNull())
  expect(sent[1]?.text).toBe('precious')
  expect(sent[1]?.key).not.toBe(sent[0]?.key)
})

test('an answer from the queue is sent as it is: the server takes the dialog with it', async () => {
  await show(<Desk of="queued" />)
  const user = userEvent.setup()
  await user.type(await field(), 'hello{Enter}')
  await waitFor(() => expect(sent.map((s) => s.text)).toEqual(['hello']))
})

test('too long a text says so and stays', async () => {
  await show(<Desk of="mine" />)
  const user = userEvent.setup()
  const input = await field()
  fireEvent.change(input, { target: { value: 'a'.repeat(4097) } })
  expect(screen.getByText('1 character too many')).toBeTruthy()
  await user.type(input, '{Enter}')
  expect(sent).toEqual([])
})

test('a closed dialog offers to reopen and keeps the draft', async () => {
  localStorage.setItem(
    'parley.draft.12.7.d-1',
    JSON.stringify({
      kind: 'reply',
      text: 'unsent',
      attachments: [],
      replyTo: null,
      at: Date.now(),
    }),
  )
  await show(<Desk of="closed" />)
  expect(await screen.findByText(/Your draft is kept/)).toBeTruthy()
  expect(screen.getByRole('button', { name: 'Reopen' })).toBeTruthy()
})
