import { describe, expect, test } from 'vitest'
import { isTyping, type KeyPress, keyOf } from './keys'

const press = (own: Partial<KeyPress>): KeyPress => ({
  code: '',
  key: '',
  shiftKey: false,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  repeat: false,
  isComposing: false,
  ...own,
})

test.each([
  ['the place counts, not the letter', { code: 'KeyJ', key: 'о' }, 'next'],
  ['slash on a Russian layout', { code: 'Slash', key: '.' }, 'quickReplies'],
  ['question mark by place', { code: 'Slash', key: ',', shiftKey: true }, 'help'],
  ['question mark by letter', { code: 'Digit7', key: '?', shiftKey: true }, 'help'],
  ['copying is not closing', { code: 'KeyE', key: 'e', ctrlKey: true }, undefined],
  ['a held E closes once', { code: 'KeyE', key: 'e', repeat: true }, undefined],
  ['a held J runs on', { code: 'KeyJ', key: 'j', repeat: true }, 'next'],
  ['an input method is typing', { code: 'KeyR', key: 'Process', isComposing: true }, undefined],
  ['capitals are free', { code: 'KeyA', key: 'A', shiftKey: true }, undefined],
  ['others', { code: 'KeyX', key: 'x' }, undefined],
])('%s', (_, own, want) => {
  expect(keyOf(press(own))).toBe(want)
})

describe('isTyping', () => {
  const inside = (html: string, selector: string) => {
    document.body.innerHTML = html
    return isTyping(document.querySelector(selector))
  }
  test.each([
    ['<textarea></textarea>', 'textarea', true],
    ['<input type="search">', 'input', true],
    ['<input type="checkbox">', 'input', false],
    ['<button>b</button>', 'button', false],
    ['<div role="dialog"><button>b</button></div>', 'button', true],
  ])('%s', (html, selector, want) => {
    expect(inside(html, selector)).toBe(want)
  })
})
