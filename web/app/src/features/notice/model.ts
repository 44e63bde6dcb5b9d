import { formatMoney, micros } from '@parley/shared/money'
import { formatDate, formatMonth } from '@parley/shared/time'
import type { LinkProps } from '@tanstack/react-router'
import type { Notice, Notices, Permission } from '@/lib/api/types'
import type { TFunction } from '@/lib/i18n/texts'

/** badgeOf is what stands on the bell: the number of unread notices, or that something is pinned. */
export function badgeOf({ unread, pinned }: Pick<Notices, 'unread' | 'pinned'>): string {
  if (unread > 99) return '99+'
  if (unread > 0) return String(unread)
  return pinned ? '!' : ''
}

/** isSpent tells from a hint about the balance whether something should be pinned; the server knows exactly. */
export function isSpent({
  available,
  suspended,
}: {
  available: string
  suspended?: boolean
}): boolean {
  return suspended === true || (micros(available) ?? 1n) <= 0n
}

/** withRead is a page after some notices of it, or all there are, were read. */
export function withRead<P extends Pick<Notices, 'items' | 'unread'>>(
  page: P,
  ids: readonly string[] | 'all',
): P {
  if (ids === 'all')
    return { ...page, unread: 0, items: page.items.map((one) => ({ ...one, read: true })) }
  const read = page.items.filter((one) => !one.read && ids.includes(one.id))
  return {
    ...page,
    // A hundred stands for more, so it cannot be counted down.
    unread: page.unread >= 100 ? page.unread : page.unread - read.length,
    items: page.items.map((one) => (read.includes(one) ? { ...one, read: true } : one)),
  }
}

/** targetOf is the page of what a notice speaks of; undefined when the reader has none. */
export function targetOf(
  { kind, args }: Notice,
  company: number,
  may: (permission: Permission) => boolean,
): LinkProps | undefined {
  if (args.invoice && may('invoices.view'))
    return {
      to: '/c/$company/statistics/invoices/$invoice',
      params: { company, invoice: args.invoice },
    }
  if (kind === 'service_restored' && may('panel.use'))
    return { to: '/c/$company/panel', params: { company } }
  if (may('charges.view')) return { to: '/c/$company/account', params: { company } }
  return undefined
}

/** wordsOf says a notice in the reader's language: amounts and days are written anew from what was stored. */
export function wordsOf(
  { kind, args }: Notice,
  locale: string,
  t: TFunction,
): { title: string; text: string } {
  const currency = args.currency ?? ''
  const write = (amount: string | undefined) =>
    amount && currency ? formatMoney({ amount, currency }, locale) : ''
  const values = {
    balance: write(args.balance),
    left: write(args.left),
    total: write(args.total),
    toPay: write(args.to_pay),
    amount: write(args.amount),
    number: args.number,
    percent: args.percent,
    count: Number(args.count ?? 1),
    day: args.pause_on && formatDate(`${args.pause_on}T12:00:00Z`, locale, 'UTC'),
    month: args.month && formatMonth(args.month, locale),
    due: args.due_on && formatDate(`${args.due_on}T12:00:00Z`, locale, 'UTC'),
  }
  return { title: t(`notice:kinds.${kind}.title`, values), text: t(textKey(kind, args), values) }
}

function textKey(kind: Notice['kind'], args: Notice['args']): string {
  if (kind === 'documents_of_month' && (micros(args.to_pay ?? '0') ?? 0n) === 0n)
    return 'notice:kinds.documents_of_month.covered'
  if (kind === 'payment_received' && !args.number) return 'notice:kinds.payment_received.alone'
  return `notice:kinds.${kind}.text`
}
