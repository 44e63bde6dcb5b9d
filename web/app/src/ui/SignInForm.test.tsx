import { screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { show } from '@/test/render'
import { SignInForm } from './SignInForm'

const me = { user: { id: 7 }, memberships: [], last_company: null }
let answer: Response

beforeEach(() => {
  localStorage.clear()
  vi.stubGlobal('fetch', () => Promise.resolve(answer))
})
afterEach(() => vi.unstubAllGlobals())

const json = (status: number, body: unknown) =>
  new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
const login = () => screen.getByLabelText<HTMLInputElement>('Email or phone')
const password = () => screen.getByLabelText<HTMLInputElement>('Password')
const submit = () => userEvent.click(screen.getByRole('button', { name: 'Sign in' }))

test('empty fields are named and nothing is sent', async () => {
  const sent = vi.fn()
  vi.stubGlobal('fetch', sent)
  await show(<SignInForm onSignedIn={() => undefined} />)
  await submit()
  expect(await screen.findAllByText('Fill this in.')).toHaveLength(2)
  expect(sent).not.toHaveBeenCalled()
})

test('a wrong password says so and keeps the login', async () => {
  answer = json(401, { code: 'wrong_credentials' })
  await show(<SignInForm onSignedIn={() => undefined} />)
  await userEvent.type(login(), '8 916 123-45-67')
  await userEvent.type(password(), 'wrong')
  await submit()
  expect(await screen.findByText('The login or the password is wrong.')).toBeTruthy()
  expect(login().value).toBe('8 916 123-45-67')
})

test('a lock says how long it lasts', async () => {
  answer = json(429, { code: 'locked', retry_after_s: 900 })
  await show(<SignInForm onSignedIn={() => undefined} />)
  await userEvent.type(login(), 'a@b.example')
  await userEvent.type(password(), 'x')
  await submit()
  expect(await screen.findByText(/15 min 00 s/)).toBeTruthy()
})

test('remember me prefills the login next time, and only then', async () => {
  answer = json(200, me)
  const signedIn = vi.fn()
  const first = await show(<SignInForm onSignedIn={signedIn} />)
  await userEvent.type(login(), 'anna@blue.example')
  await userEvent.type(password(), 'secret')
  await userEvent.click(screen.getByLabelText('Remember me'))
  await submit()
  await waitFor(() => expect(signedIn).toHaveBeenCalledOnce())
  first.unmount()

  answer = json(200, me)
  const second = await show(<SignInForm onSignedIn={signedIn} />)
  expect(login().value).toBe('anna@blue.example')
  expect(password().autocomplete).toBe('current-password')
  await userEvent.click(screen.getByLabelText('Remember me'))
  await userEvent.type(password(), 'secret')
  await submit()
  await waitFor(() => expect(signedIn).toHaveBeenCalledTimes(2))
  second.unmount()

  await show(<SignInForm onSignedIn={signedIn} />)
  expect(login().value).toBe('')
})
