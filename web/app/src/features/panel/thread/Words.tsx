import { memo } from 'react'
import { segments } from '../model/segments'

/** Words draws what a person wrote as text and nothing else; addresses in it become safe links. */
export const Words = memo(function Words({ text }: { text: string }) {
  let at = 0
  return segments(text).map((segment) => {
    const key = at
    at += segment.text.length
    if (!segment.href) return <span key={key}>{segment.text}</span>
    return (
      <a key={key} href={segment.href} target="_blank" rel="noopener noreferrer nofollow">
        {segment.text}
      </a>
    )
  })
})
