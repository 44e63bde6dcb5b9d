/** PanelPage is where operators answer. */
export function PanelPage() {
  return null
}
