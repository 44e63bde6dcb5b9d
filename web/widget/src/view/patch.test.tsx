// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest'
import type { Element as Drawn } from './jsx-runtime'
import { patch } from './patch'

let root: HTMLElement
let before: Drawn | null

function draw(drawn: Drawn | null): void {
  if (drawn) {
    before = patch(root, before, drawn)
  }
}

beforeEach(() => {
  root = document.createElement('div')
  document.body.replaceChildren(root)
  before = null
})

describe('patch', () => {
  it('makes elements, texts and attributes', () => {
    draw(
      <p class="a" aria-hidden={true} data-n={1} hidden={false}>
        one {2}
      </p>,
    )
    expect(root.innerHTML).toBe('<p class="a" aria-hidden="true" data-n="1">one 2</p>')
  })

  it('changes texts and attributes in place and removes what is gone', () => {
    draw(
      <p class="a" title="t">
        {'one'}
      </p>,
    )
    const node = root.firstChild
    draw(<p class="b">{'two'}</p>)
    expect(root.firstChild).toBe(node)
    expect(root.innerHTML).toBe('<p class="b">two</p>')
  })

  it('never makes markup of a text', () => {
    draw(<p>{'<img src=x onerror=alert(1)>'}</p>)
    expect(root.querySelector('img')).toBeNull()
  })

  it('leaves neighbours and their focus alone when something comes and goes before them', () => {
    const view = (shown: boolean) => (
      <form>
        {shown && <div>note</div>}
        <textarea />
      </form>
    )
    draw(view(false))
    const field = root.querySelector('textarea')
    field?.focus()
    for (const shown of [true, false, true]) {
      draw(view(shown))
      expect(root.querySelector('textarea')).toBe(field)
      expect(document.activeElement).toBe(field)
      expect(root.querySelectorAll('div')).toHaveLength(shown ? 1 : 0)
    }
  })

  it('keeps the nodes of a keyed list through any change of order', () => {
    const list = (keys: string[]) => (
      <ol>
        {keys.map((key) => (
          <li key={key}>{key}</li>
        ))}
      </ol>
    )
    const orders = [
      ['a', 'b', 'c'],
      ['c', 'a', 'b', 'd'],
      ['d', 'b'],
      [],
      ['x', 'd', 'a'],
      ['a', 'x'],
    ]
    let nodes = new Map<string, Node>()
    for (const order of orders) {
      draw(list(order))
      const now = [...root.querySelectorAll('li')]
      expect(now.map((node) => node.textContent)).toEqual(order)
      for (const node of now) {
        const held = nodes.get(node.textContent ?? '')
        expect(held === undefined || held === node).toBe(true)
      }
      nodes = new Map(now.map((node) => [node.textContent ?? '', node]))
    }
  })

  it('replaces an element by another kind', () => {
    const view = (bold: boolean) => <div>{bold ? <b>a</b> : <p>a</p>}</div>
    draw(view(false))
    draw(view(true))
    expect(root.innerHTML).toBe('<div><b>a</b></div>')
  })

  it('sets events once and changes them', () => {
    const heard: number[] = []
    const view = (n: number) => <button type="button" onclick={() => heard.push(n)} />
    draw(view(1))
    root.querySelector('button')?.click()
    draw(view(2))
    root.querySelector('button')?.click()
    expect(heard).toEqual([1, 2])
  })

  it('does not fight the hand that types', () => {
    const view = (value: string) => <textarea value={value} />
    draw(view(''))
    const field = root.querySelector('textarea')
    if (field) {
      field.value = 'typed'
    }
    draw(view('typed'))
    expect(field?.value).toBe('typed')
    draw(view(''))
    expect(field?.value).toBe('')
  })

  it('calls ref once', () => {
    let calls = 0
    const view = () => <p ref={() => (calls += 1)} />
    draw(view())
    draw(view())
    expect(calls).toBe(1)
  })
})
