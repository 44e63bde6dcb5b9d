import type { Requisites, SetupInput } from '@/lib/api/types'

export const steps = ['admin', 'company', 'seller', 'mail', 'sms', 'summary'] as const
export type Step = (typeof steps)[number]

export interface Values {
  admin: SetupInput['admin'] & { phone: string }
  company: SetupInput['company'] & { email: string; phone: string }
  requisites: Requisites
  mail: {
    host: string
    port: string
    security: 'starttls' | 'tls' | 'plain'
    user: string
    password: string
    from: string
  }
  sms: { host: string; port: string; tls: boolean; user: string; password: string; sender: string }
}

const address = { country: '', postal_code: '', region: '', city: '', street: '' }

const emptyRequisites: Requisites = {
  country: '',
  kind: '',
  short_name: '',
  legal_name: '',
  inn: '',
  kpp: '',
  ogrn: '',
  tax_regime: '',
  vat_rate: '',
  registration_number: '',
  tax_number: '',
  vat_number: '',
  duns: '',
  signatory: { name: '', position: '', basis: '' },
  contract_number: '',
  contract_date: '',
  bank: {
    name: '',
    bik: '',
    account: '',
    correspondent_account: '',
    iban: '',
    swift: '',
    aba: '',
    receiver: '',
  },
  legal_address: address,
  postal_address: address,
  postal_same: true,
  document_emails: [],
}

export function initialValues(name: string, language: 'en' | 'ru'): Values {
  return {
    admin: { name: '', email: '', phone: '', password: '', language },
    company: {
      name,
      email: '',
      phone: '',
      currency: language === 'ru' ? 'RUB' : 'EUR',
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      language,
    },
    requisites: emptyRequisites,
    mail: { host: '', port: '587', security: 'starttls', user: '', password: '', from: '' },
    sms: { host: '', port: '2775', tls: false, user: '', password: '', sender: '' },
  }
}

const schemes = { starttls: 'smtp', tls: 'smtps', plain: 'smtp+plain' }

function url(scheme: string, to: { host: string; port: string; user: string; password: string }) {
  const who = to.user ? `${encodeURIComponent(to.user)}:${encodeURIComponent(to.password)}@` : ''
  return `${scheme}://${who}${to.host.trim()}${to.port.trim() ? `:${to.port.trim()}` : ''}`
}

/** mailRoute is the way of letters as the server reads it. */
export function mailRoute({ mail }: Values) {
  return { url: url(schemes[mail.security], mail), from: mail.from.trim() }
}

export function smsRoute({ sms }: Values) {
  return { url: url(sms.tls ? 'smpps' : 'smpp', sms), sender: sms.sender.trim() }
}

/** setupOf leaves out what was left empty: it may be set later. */
export function setupOf(values: Values): SetupInput {
  const { admin, company, requisites, mail, sms } = values
  return {
    admin,
    company,
    requisites,
    ...(mail.host.trim() ? { mail: mailRoute(values) } : {}),
    ...(sms.host.trim() ? { sms: smsRoute(values) } : {}),
  }
}

/** The server's names of the ways out, as fields here. */
export const fieldNames: Record<string, string> = {
  mail_url: 'mail.host',
  mail_from: 'mail.from',
  sms_url: 'sms.host',
}

/** stepOf finds the step on which a field is. */
export function stepOf(field: string): Step {
  const part = field.split('.')[0]
  if (part === 'requisites') return 'seller'
  return steps.find((step) => step === part) ?? 'summary'
}
