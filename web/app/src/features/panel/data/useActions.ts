import { useMutation, useQueryClient } from '@tanstack/react-query'
import { asApiError } from '@/lib/api/error'
import type { Dialog, DialogHead } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import type { TFunction } from '@/lib/i18n/texts'
import { toastProblem, toastWord } from '@/ui/toast'
import { act, type DialogAction, fetchDialog, panelKeys } from './api'
import { usePanel } from './PanelContext'
import { applyHead } from './useDialogs'

/** conflictText says who was faster: what is true now, not what the code is called. */
export function conflictText(
  t: TFunction,
  wanted: DialogAction['do'],
  now: DialogHead,
  me: number,
): string | undefined {
  const other = now.assignee && now.assignee.id !== me ? now.assignee.name : undefined
  if (now.state === 'closed' && wanted !== 'reopen') return t('panel:conflict.closed')
  if (now.state !== 'closed' && wanted === 'reopen') return t('panel:conflict.open')
  if (other) return t('panel:conflict.taken', { name: other })
  if (wanted === 'take' && now.assignee) return t('panel:conflict.mine')
  return undefined
}

/** limitText is for whoever has as many open dialogs as they may have. */
function limitText(t: TFunction, error: unknown): string | undefined {
  const { limit } = asApiError(error).problem
  return typeof limit === 'number' ? t('panel:conflict.limit', { limit }) : undefined
}

function fieldWords(t: TFunction, error: unknown): string | undefined {
  const { fields } = asApiError(error)
  if (fields.operator) return t('panel:handOver.unavailable')
  if (fields.group) return t('panel:handOver.groupUnavailable')
  return fields.result ? t('panel:close.missing') : undefined
}

function isHead(value: unknown): value is DialogHead {
  return typeof value === 'object' && value !== null && 'dialog_id' in value && 'last' in value
}

/** useAction does things with a dialog; its new state is on the screen before the events come. */
export function useAction(dialog: string) {
  const { t } = useTranslation('panel')
  const { company, me } = usePanel()
  const client = useQueryClient()

  const settle = (head: DialogHead) => {
    applyHead(client, company, me, head)
    client.setQueryData<Dialog>(
      panelKeys.dialog(company, dialog),
      (known) => known && { ...known, head },
    )
  }
  const renew = () => {
    void client.invalidateQueries({ queryKey: panelKeys.dialog(company, dialog) })
    void client.invalidateQueries({ queryKey: panelKeys.thread(company, dialog) })
    void client.invalidateQueries({ queryKey: panelKeys.counts(company) })
    void client.invalidateQueries({ queryKey: ['panel-figures', company] })
  }

  return useMutation({
    mutationFn: (action: DialogAction) => act(company, dialog, action),
    onSuccess: (head) => {
      if (isHead(head)) settle(head)
      renew()
    },
    onError: async (error, action) => {
      const { code, status } = asApiError(error)
      if (status === 409 || code === 'conflict') {
        const now = await fetchDialog(company, dialog).catch(() => undefined)
        if (now) {
          client.setQueryData(panelKeys.dialog(company, dialog), now)
          settle(now.head)
          const words = limitText(t, error) ?? conflictText(t, action.do, now.head, me)
          if (words) {
            toastWord(words)
            return
          }
        }
      }
      const words = limitText(t, error) ?? fieldWords(t, error)
      if (words) toastWord(words)
      else toastProblem(t, error)
      renew()
    },
  })
}
