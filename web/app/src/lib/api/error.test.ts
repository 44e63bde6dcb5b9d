import { afterEach, describe, expect, test } from 'vitest'
import { setLanguage } from '@/lib/i18n/i18n'
import { currentTexts } from '@/lib/i18n/texts'
import { ApiError, asApiError, networkError, problemOf } from './error'
import { fieldTexts, problemText } from './problemText'

const plain = (text: string) => text.replace(/[\u00a0\u202f]/g, ' ')
const say = (error: unknown) => plain(problemText(currentTexts(), error))

afterEach(() => setLanguage('en'))

describe('problemOf', () => {
  test('keeps what a problem document says', () => {
    const body = {
      code: 'invalid',
      status: 422,
      request_id: 'r1',
      fields: { name: { code: 'taken', message: 'x' } },
    }
    const error = problemOf(body, new Response(null, { status: 422 }))
    expect(error).toMatchObject({ code: 'invalid', status: 422, requestId: 'r1' })
    expect(error.fields.name?.code).toBe('taken')
  })

  test.each([
    ['<html>Bad gateway</html>', 502, 'unavailable'],
    [undefined, 413, 'too_large'],
    [null, 418, 'internal'],
    [{ code: 5 }, 404, 'not_found'],
  ])('makes a code of a foreign answer %j', (body, status, code) => {
    const response = new Response(null, { status, headers: { 'X-Request-Id': 'r2' } })
    expect(problemOf(body, response)).toMatchObject({ code, requestId: 'r2' })
  })

  test('anything thrown becomes an ApiError', () => {
    expect(asApiError(new TypeError('x is not a function')).code).toBe('internal')
    expect(asApiError('text').code).toBe('internal')
    const own = networkError()
    expect(asApiError(own)).toBe(own)
  })
})

describe('problemText', () => {
  test('is written in the language of the person', async () => {
    const error = new ApiError({ code: 'wrong_credentials' }, 401)
    expect(say(error)).toBe('The login or the password is wrong.')
    await setLanguage('ru')
    expect(say(error)).toBe('Неверный логин или пароль.')
  })

  test('a code nobody wrote a sentence for gets the general one, never a key', () => {
    expect(say(new ApiError({ code: 'brand_new' }, 500))).toBe(
      'Something went wrong on our side. Nothing is lost; try again.',
    )
  })

  test('waiting times and missing money are filled in, and missing ones leave no holes', () => {
    expect(say(new ApiError({ code: 'locked', retry_after_s: 840 }, 429))).toContain('14 min 00 s')
    expect(say(new ApiError({ code: 'locked' }, 429))).not.toContain('{{')
    const funds = { code: 'insufficient_funds', missing: { amount: '12.5', currency: 'RUB' } }
    expect(say(new ApiError(funds, 402))).toContain('₽12.50')
    expect(say(new ApiError({ code: 'insufficient_funds' }, 402))).not.toContain('{{')
  })
})

test('fieldTexts falls back to the server’s sentence', () => {
  const fields = {
    name: { code: 'required', message: 'x' },
    site: { code: 'odd', message: 'Not a site.' },
  }
  expect(fieldTexts(currentTexts(), new ApiError({ code: 'invalid', fields }, 422))).toEqual({
    name: 'Fill this in.',
    site: 'Not a site.',
  })
})
