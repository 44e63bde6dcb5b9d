import { fireEvent, screen, waitFor } from '@testing-library/react'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { LegalTexts, Site } from '@/lib/api/types'
import { show } from '@/test/render'
import { SignUpForm } from './SignUpForm'

const site: Site = {
  name: 'Parley',
  company_id: null,
  prices_published: false,
  sms: true,
  open: true,
  language: 'en',
}
const texts = {
  terms: { version: 3, title: 'Terms', body: '' },
  privacy: { version: 2, title: 'Privacy', body: '' },
} as LegalTexts

type Answer = [number, unknown]
let answers: Record<string, Answer>
let bodies: Record<string, unknown>

beforeEach(() => {
  bodies = {}
  answers = {
    '/sign-up/codes': [200, { id: 'code-1', by: 'phone', expires_at: '', resend_after_s: 60 }],
    '/check': [200, { account_exists: false }],
    '/sign-up': [204, null],
  }
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname
    const key = Object.keys(answers).find((end) => path.endsWith(end)) ?? ''
    bodies[key] = await request.clone().json()
    const [status, body] = answers[key] ?? [404, { code: 'not_found' }]
    return new Response(status === 204 ? null : JSON.stringify(body), {
      status,
      headers: { 'Content-Type': 'application/json' },
    })
  })
})
afterEach(() => vi.unstubAllGlobals())

const register = () => screen.getByRole<HTMLButtonElement>('button', { name: 'Register' })
const input = (label: string) => screen.getByLabelText<HTMLInputElement>(label)

function fill(label: string, value: string) {
  fireEvent.change(input(label), { target: { value } })
}

async function code(digits: string) {
  await screen.findByLabelText('Code from the SMS')
  fill('Code from the SMS', digits)
}

async function open(onRegistered: (by: string) => void = () => undefined, where = site) {
  await show(
    <SignUpForm
      site={where}
      texts={texts}
      referrer="abc"
      onTextsChanged={() => undefined}
      onRegistered={onRegistered}
    />,
  )
  await screen.findByLabelText('Your name')
  fill('Your name', 'Anna')
  fill('Email', 'anna@shop.example')
  fill('Password', 'cherry pie 42')
  fill('Phone', '+79161234567')
  fireEvent.click(screen.getByRole('button', { name: 'Confirm' }))
}

function agree() {
  for (const box of screen.getAllByRole('checkbox')) fireEvent.click(box)
}

test('Register stays off until the code is right and both boxes are ticked', async () => {
  const registered = vi.fn()
  await open(registered)
  await code('123456')
  expect(await screen.findByText('The phone is confirmed')).toBeTruthy()
  expect(register().disabled).toBe(true)
  agree()
  expect(register().disabled).toBe(false)
  fireEvent.click(register())
  await waitFor(() => expect(registered).toHaveBeenCalledWith('phone'))
  expect(bodies['/sign-up']).toMatchObject({
    email: 'anna@shop.example',
    code_id: 'code-1',
    terms_version: 3,
    privacy_version: 2,
    ref: 'abc',
  })
})

test('a wrong code says so at its step, with the tries left', async () => {
  answers['/check'] = [
    422,
    { code: 'invalid', tries_left: 2, fields: { code: { code: 'wrong', message: '' } } },
  ]
  await open()
  await code('000000')
  expect(await screen.findByText('This code is wrong. 2 tries are left.')).toBeTruthy()
  agree()
  expect(register().disabled).toBe(true)
})

test('a known number is told only after the right code, and cannot register again', async () => {
  answers['/check'] = [200, { account_exists: true }]
  await open()
  await code('123456')
  expect(await screen.findByText(/There is an account with this number/)).toBeTruthy()
  agree()
  expect(register().disabled).toBe(true)
})

test('another number needs another code', async () => {
  await open()
  await code('123456')
  await screen.findByText('The phone is confirmed')
  fill('Phone', '+79161234568')
  expect(screen.queryByText('The phone is confirmed')).toBeNull()
  expect(screen.getByRole('button', { name: 'Confirm' })).toBeTruthy()
})

test('a refusal keeps all that was typed and says what to mend', async () => {
  answers['/sign-up'] = [
    422,
    { code: 'invalid', fields: { password: { code: 'invalid', message: '' } } },
  ]
  await open()
  await code('123456')
  await screen.findByText('The phone is confirmed')
  agree()
  fireEvent.click(register())
  expect(await screen.findByText(/easy to guess/)).toBeTruthy()
  expect(input('Your name').value).toBe('Anna')
  expect(input('Password').value).toBe('cherry pie 42')
  expect(screen.getByText('The phone is confirmed')).toBeTruthy()
})

test('without a route for SMS the page says that the code goes to the email, and sends it there', async () => {
  answers['/sign-up/codes'] = [
    200,
    { id: 'code-2', by: 'email', expires_at: '', resend_after_s: 60 },
  ]
  await open(() => undefined, { ...site, sms: false })
  expect(screen.getByText(/There is no SMS here yet/)).toBeTruthy()
  expect(await screen.findByLabelText('Code from the letter')).toBeTruthy()
  expect(bodies['/sign-up/codes']).toMatchObject({ email: 'anna@shop.example' })
})
