/** HomePage is where a working day begins. */
export function HomePage() {
  return null
}
