import i18next, { type TFunction } from 'i18next'

/** itemName says what was charged for; an item this version does not know shows its code. */
export function itemName(t: TFunction, item: string): string {
  const code = item.replaceAll('.', '_')
  const key = `ui:item.${code}`
  return i18next.exists(key) ? t(key) : item
}
