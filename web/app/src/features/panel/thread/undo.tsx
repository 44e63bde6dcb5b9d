import type { TFunction } from '@/lib/i18n/texts'
import { toastGood } from '@/ui/toast'

/** closedWithUndo says that a dialog is closed and lets it be taken back for ten seconds. */
export function closedWithUndo(t: TFunction, undo: () => void): void {
  toastGood(t('panel:close.done'), { label: t('panel:close.undo'), run: undo })
}
