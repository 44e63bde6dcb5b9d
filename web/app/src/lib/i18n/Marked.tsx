import { cloneElement, Fragment, type ReactElement } from 'react'

interface Props {
  /** "I accept the <a>terms</a>" */
  text: string
  /** What stands for <a>; it gets the words inside as children. */
  a: ReactElement
}

/** Marked is a text with a link in its middle, in the order of words of each language. */
export function Marked({ text, a }: Props) {
  const parts = text.split(/<a>(.*?)<\/a>/)
  return parts.map((part, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one text keep their order
    <Fragment key={at}>{at % 2 === 0 ? part : cloneElement(a, undefined, part)}</Fragment>
  ))
}
