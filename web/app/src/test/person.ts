import type { Me } from '@/lib/api/types'

/** person is a signed-in user of whom nothing special is said. */
export const person: Me['user'] = {
  id: 7,
  name: 'Olga',
  email: 'o@blue.example',
  email_confirmed: true,
  phone: '',
  phone_confirmed: false,
  language: 'en',
  theme: 'system',
  dialog_order: 'newest',
  ref_token: 'abc',
}
