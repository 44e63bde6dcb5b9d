const focusable =
  'a[href], button:not(:disabled), textarea, input:not([type=file]), [tabindex]:not([tabindex="-1"])'

/** Tab goes round inside the chat; Escape is the way out. */
export function keepFocusInside(event: KeyboardEvent): void {
  const stops = [...document.querySelectorAll<HTMLElement>(focusable)].filter(
    (element) => element.tabIndex >= 0 && element.getClientRects().length > 0,
  )
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]]
  if (document.activeElement === from || !stops.includes(document.activeElement as HTMLElement)) {
    event.preventDefault()
    to?.focus()
  }
}
