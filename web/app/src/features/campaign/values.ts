import { fromLocal, localMinute } from '@parley/shared/time'
import type { Campaign, CampaignForm, TextChannel } from '@/lib/api/types'

/** Values are a campaign as its form holds it. */
export interface Values {
  name: string
  purpose: Campaign['purpose']
  list: string | null
  channel: TextChannel
  sender: string
  subject: string
  text: string
  html: string
  speed: number | ''
  /** Seconds, as the choice holds them. */
  lifetime: string
  resend: boolean
  startsAt: string
}

/** lifetimes are the seconds that a message may be tried for, to choose from. */
export const lifetimes = [900, 3_600, 10_800, 43_200, 86_400, 172_800]

/** lifetimeText says a lifetime in the largest unit that leaves no rest: "24 hours". */
export function lifetimeText(seconds: number, locale: string): string {
  const unit = seconds % 3_600 === 0 ? 'hour' : seconds % 60 === 0 ? 'minute' : 'second'
  const count = seconds / { hour: 3_600, minute: 60, second: 1 }[unit]
  return count.toLocaleString(locale, { style: 'unit', unit, unitDisplay: 'long' })
}

/** valuesOf begins a form: with a campaign, with a list, or with nothing. */
export function valuesOf(
  campaign: Campaign | undefined,
  list: string | undefined,
  zone: string,
): Values {
  const step = campaign?.steps[0]
  return {
    name: campaign?.name ?? '',
    purpose: campaign?.purpose ?? 'service',
    list: campaign?.list ?? list ?? null,
    channel: step?.channel ?? 'sms',
    sender: step?.sender ?? '',
    subject: step?.subject ?? '',
    text: step?.text ?? '',
    html: step?.html ?? '',
    speed: campaign?.speed || '',
    lifetime: String(campaign?.lifetime_s ?? 86_400),
    resend: campaign?.resend ?? false,
    startsAt: campaign?.starts_at ? localMinute(campaign.starts_at, zone) : '',
  }
}

export function formOf(values: Values, zone: string): CampaignForm {
  const letter = values.channel === 'email'
  return {
    name: values.name.trim(),
    purpose: values.purpose,
    list: values.list ?? '',
    steps: [
      {
        channel: values.channel,
        sender: values.sender.trim(),
        subject: letter ? values.subject : '',
        text: values.text,
        html: letter ? values.html : '',
      },
    ],
    speed: values.speed || 0,
    lifetime_s: Number(values.lifetime),
    resend: values.resend,
    ...(values.startsAt && { starts_at: fromLocal(values.startsAt, zone).toISOString() }),
  }
}
