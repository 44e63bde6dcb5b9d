import classes from './Paragraphs.module.css'

/** Paragraphs show a plain text whose paragraphs have an empty line between them. */
export function Paragraphs({ text }: { text: string }) {
  return (
    <div className={classes.text}>
      {text.split(/\n\s*\n/).map((paragraph, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a paragraph has no other name than its place
        <p key={index}>{paragraph}</p>
      ))}
    </div>
  )
}
