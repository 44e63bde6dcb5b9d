import type { Attributes, Element as Drawn } from './jsx-runtime'

const svg = 'http://www.w3.org/2000/svg'
const empty: Drawn = { tag: '', key: undefined, props: {}, children: [] }

/** Makes the content of root what drawn says, changing only what differs from before. */
export function patch(root: Element, before: Drawn | null, drawn: Drawn): Drawn {
  patchChildren(root, before ? [before] : [], [drawn])
  return drawn
}

type Child = Drawn['children'][number]

/** Texts have no key; their place among the children stands in for it. */
function keyOf(child: Child, place: number): string {
  return typeof child === 'string' ? `text ${place}` : (child?.key ?? '')
}

function patchChildren(parent: Element, before: Child[], after: Child[]): void {
  const old = new Map<string, { child: Child; node: ChildNode }>()
  let node = parent.firstChild
  before.forEach((child, place) => {
    if (child !== null && node) {
      old.set(keyOf(child, place), { child, node })
      node = node.nextSibling
    }
  })
  const reused = after.map((child, place) => {
    const held = child === null ? undefined : old.get(keyOf(child, place))
    if (held && tagOf(held.child) === tagOf(child)) {
      old.delete(keyOf(child, place))
      return held
    }
    return undefined
  })
  // What goes is taken out before anything is placed: moving a neighbour would take its focus.
  for (const { node: gone } of old.values()) {
    gone.remove()
  }
  let next = parent.firstChild
  after.forEach((child, place) => {
    if (child === null) {
      return
    }
    const held = reused[place]
    const placed = held ? update(held.node, held.child, child) : create(child)
    if (placed === next) {
      next = next.nextSibling
    } else {
      parent.insertBefore(placed, next)
    }
  })
}

function tagOf(child: Child): string {
  return typeof child === 'string' ? '' : (child?.tag ?? '')
}

function update(node: ChildNode, before: Child, after: Child): ChildNode {
  if (typeof after === 'string') {
    if (before !== after) {
      node.nodeValue = after
    }
  } else if (before && after && typeof before !== 'string' && before.props !== after.props) {
    // The same props are the same drawing: what a component keeps and gives again costs nothing.
    setAttributes(node as Element, before.props, after.props)
    patchChildren(node as Element, before.children, after.children)
  }
  return node
}

function create(child: Drawn | string): ChildNode {
  if (typeof child === 'string') {
    return document.createTextNode(child)
  }
  const { tag, props, children } = child
  const element =
    tag === 'svg' || tag === 'path'
      ? document.createElementNS(svg, tag)
      : document.createElement(tag)
  setAttributes(element, empty.props, props)
  patchChildren(element, empty.children, children)
  props.ref?.(element as never)
  return element
}

type Value = string | number | boolean | (() => void) | null | undefined

function setAttributes(element: Element, before: Attributes, after: Attributes): void {
  const old = before as Record<string, Value>
  const next = after as Record<string, Value>
  for (const name in { ...old, ...next }) {
    if (name !== 'children' && name !== 'ref' && name !== 'key') {
      set(element, name, old[name], next[name])
    }
  }
}

function set(element: Element, name: string, before: Value, after: Value): void {
  const properties = element as unknown as Record<string, Value>
  if (name === 'value') {
    // What stands in a field may have changed by hand since it was drawn.
    if (properties[name] !== after) {
      properties[name] = after
    }
  } else if (before === after) {
    return
  } else if (name.startsWith('on')) {
    properties[name] = after ?? null
  } else if (typeof (after ?? before) === 'boolean' && name in element) {
    properties[name] = after ?? false
  } else if (after === null || after === undefined) {
    element.removeAttribute(name)
  } else {
    element.setAttribute(name, String(after))
  }
}
