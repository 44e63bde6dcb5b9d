/**
 * JSX for a page that is redrawn whole from its state. Components are plain functions without
 * state or life cycle of their own; `patch` changes in the document what differs. This is all the
 * chat needs of a view library, and a quarter of the size of the smallest one.
 */
export interface Element {
  tag: string
  key: string | undefined
  props: Attributes
  children: (Element | string | null)[]
  node?: Node
}

export type Child = Element | string | number | boolean | null | undefined | Child[]

type Component<P> = (props: P) => Element | null

/** Attributes by their names in HTML. Events and booleans are set as properties. */
export interface Attributes {
  children?: Child
  key?: string | number
  /** Called once with the element when it is made. */
  ref?: (element: never) => void
  class?: string | undefined
  id?: string
  role?: string | undefined
  title?: string
  dir?: 'auto'
  tabindex?: number
  hidden?: boolean
  disabled?: boolean
  href?: string
  target?: '_blank'
  rel?: string
  src?: string
  alt?: string
  width?: number
  height?: number
  type?: string
  value?: string | number
  max?: number
  rows?: number
  placeholder?: string
  multiple?: boolean
  accept?: string
  capture?: 'environment'
  datetime?: string
  enterkeyhint?: 'send'
  viewBox?: string
  d?: string
  onclick?: (event: MouseEvent) => void
  onkeydown?: (event: KeyboardEvent) => void
  onfocus?: (event: FocusEvent) => void
  oninput?: (event: Event) => void
  onchange?: (event: Event) => void
  onsubmit?: (event: SubmitEvent) => void
  onpaste?: (event: ClipboardEvent) => void
  onscroll?: () => void
  onerror?: () => void
  ondragover?: (event: DragEvent) => void
  ondragleave?: (event: DragEvent) => void
  ondrop?: (event: DragEvent) => void
  [name: `aria-${string}` | `data-${string}`]: string | number | boolean | null | undefined
}

export function jsx<P extends Attributes>(
  type: string | Component<P>,
  props: P,
  key?: string | number,
): Element | null {
  if (typeof type === 'function') {
    const element = type(props)
    return element && key !== undefined ? { ...element, key: String(key) } : element
  }
  return {
    tag: type,
    key: key === undefined ? undefined : String(key),
    props,
    children: flat(props.children),
  }
}

export { jsx as jsxs }

/**
 * A child's key is its place, so `{condition && <p/>}` leaves its neighbours alone; lists inside
 * children bring keys of their own.
 */
function flat(child: Child, place = ''): Element['children'] {
  if (Array.isArray(child)) {
    return child.flatMap((inner, index) => {
      const own = isElement(inner) ? inner.key : undefined
      return flat(inner, `${place}/${own ?? index}`)
    })
  }
  if (isElement(child)) {
    return [{ ...child, key: place }]
  }
  return [
    child === null || child === undefined || typeof child === 'boolean' ? null : String(child),
  ]
}

function isElement(child: Child): child is Element {
  return typeof child === 'object' && child !== null && 'tag' in child
}

export namespace JSX {
  export type Element = import('./jsx-runtime').Element | null
  export interface ElementChildrenAttribute {
    children: Child
  }
  export interface IntrinsicAttributes {
    key?: string | number
  }
  export type IntrinsicElements = Record<string, Attributes>
}
