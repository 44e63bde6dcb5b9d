import type { TFunction } from '@/lib/i18n/texts'

const keys: Record<string, string> = {
  password: 'signup:wrong.password',
  phone: 'signup:wrong.phone',
  email: 'signup:wrong.email',
}

/** explained says how a field has to look, where "wrong" alone would leave one guessing. */
export function explained(t: TFunction) {
  return (field: string, code: string): string | undefined => {
    const key = code === 'invalid' ? keys[field] : undefined
    return key && t(key)
  }
}
