import type { Chat, Dialog } from '@/lib/api/types'

interface Rules {
  results: { code: string; label: string }[]
  required: boolean
}

/** closingRules come with the dialog, or from its chat's settings for those who may read them. */
export function closingRules(
  dialog: Dialog & { closing_results?: Rules['results'] | null; result_required?: boolean },
  chat: Chat | undefined,
): Rules {
  return {
    results: dialog.closing_results ?? chat?.closing_results ?? [],
    required: dialog.result_required ?? chat?.result_required ?? false,
  }
}
