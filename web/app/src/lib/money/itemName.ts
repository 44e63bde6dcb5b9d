import { hasText, type TFunction } from '@/lib/i18n/texts'

/** itemName says what was charged for; an item this version does not know shows its code. */
export function itemName(t: TFunction, item: string): string {
  const code = item.replaceAll('.', '_')
  const key = `ui:item.${code}`
  return hasText(key) ? t(key) : item
}
