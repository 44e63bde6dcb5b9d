let byPointer = false

/** openedByPointer notes that a dialog was opened with a mouse: the next thing its owner does is write. */
export function openedByPointer(): void {
  byPointer = window.matchMedia('(pointer: fine)').matches
}

/** takeFocusWish answers once. */
export function takeFocusWish(): boolean {
  const wish = byPointer
  byPointer = false
  return wish
}
