import {
  NumberInput,
  SegmentedControl,
  Select,
  Switch,
  Textarea,
  TextInput,
  UnstyledButton,
} from '@mantine/core'
import { isNotEmpty, type UseFormReturnType, useForm } from '@mantine/form'
import { fromLocal, zoneLabel } from '@parley/shared/time'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef } from 'react'
import { api, ok } from '@/lib/api/client'
import type { Campaign, ContactList } from '@/lib/api/types'
import { campaignQuery, campaignsOf } from '@/lib/data/texts'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { Form, type How } from '@/ui/Form'
import { LongSelect } from '@/ui/LongSelect'
import { TextLink } from '@/ui/links'
import { Note } from '@/ui/Note'
import { SMSCount } from '@/ui/SMSCount'
import classes from './campaign.module.css'
import { unsureIn, variablesIn } from './model'
import { formOf, lifetimes, lifetimeText, type Values, valuesOf } from './values'

interface Props {
  lists: ContactList[]
  /** What is changed, or what the form begins with. */
  campaign: Campaign | undefined
  list: string | undefined
  changing: boolean
}

/** Every recipient has these beside the columns of the list. */
const ownVariables = ['name', 'phone', 'email']

/** CampaignForm asks what to send to whom; nothing goes out before it is started on the campaign's page. */
export function CampaignForm({ lists, campaign, list, changing }: Props) {
  const { t } = useTranslation('campaign', 'text')
  const { company } = useSession()
  const client = useQueryClient()
  const navigate = useNavigate()
  const zone = company.time_zone
  const form = useForm<Values>({
    initialValues: valuesOf(campaign, list, zone),
    validate: {
      name: isNotEmpty(t('errors:field.required')),
      list: isNotEmpty(t('campaign:form.noList')),
      subject: (value, { channel }) =>
        channel === 'email' && !value.trim() ? t('errors:field.required') : null,
      text: (value, { channel, html }) =>
        value.trim() || (channel === 'email' && html.trim()) ? null : t('errors:field.required'),
      startsAt: (value) =>
        value && fromLocal(value, zone).getTime() < Date.now() ? t('text:send.past') : null,
    },
  })
  const open = (id: string) =>
    void navigate({
      to: '/c/$company/campaigns/$campaign',
      params: { company: company.id, campaign: id },
    })
  const save = async (values: Values, how: How): Promise<string> => {
    const body = formOf(values, zone)
    if (!changing || !campaign) {
      const path = { company: company.id }
      const made = await ok(
        api.POST('/api/v1/companies/{company}/campaigns', { params: { path }, body }),
      )
      return made.id
    }
    const query = campaignQuery(company.id, campaign.id)
    const { version } = how.overwrite
      ? await client.fetchQuery({ ...query, staleTime: 0 })
      : campaign
    await ok(
      api.PUT('/api/v1/companies/{company}/campaigns/{campaign}', {
        params: { path: { company: company.id, campaign: campaign.id } },
        body: { ...body, version },
      }),
    )
    return campaign.id
  }
  return (
    <Form
      form={form}
      submit={t(changing ? 'campaign:form.save' : 'campaign:form.create')}
      pristineAllowed={!changing}
      fieldNames={{ list_id: 'list', 'steps.0': '', lifetime_s: 'lifetime', starts_at: 'startsAt' }}
      explain={(field, code) =>
        field.startsWith('steps') && code === 'invalid' ? t('campaign:form.braces') : undefined
      }
      onReload={() => void client.invalidateQueries({ queryKey: campaignsOf(company.id) })}
      onCancel={() => history.back()}
      onSubmit={save}
      onSaved={(id) => {
        void client.invalidateQueries({ queryKey: campaignsOf(company.id) })
        open(id)
      }}
    >
      <Audience form={form} lists={lists} />
      <Content form={form} lists={lists} />
      <Pace form={form} />
    </Form>
  )
}

type FormOf = UseFormReturnType<Values>

function Audience({ form, lists }: { form: FormOf; lists: ContactList[] }) {
  const { t } = useTranslation('campaign')
  const { company } = useSession()
  const locale = useLocale()
  return (
    <Card title={t('campaign:form.audience')}>
      <div className={classes.fields}>
        <div className={classes.pair}>
          <TextInput
            label={t('campaign:column.name')}
            description={t('campaign:form.nameHelp')}
            maxLength={100}
            data-autofocus
            {...form.getInputProps('name')}
          />
          <LongSelect
            label={t('campaign:form.list')}
            description={t('campaign:form.listHelp')}
            data={lists.map((one) => ({
              value: one.id,
              label: `${one.name} · ${t('campaign:contacts', { count: one.contacts, shown: one.contacts.toLocaleString(locale) })}`,
            }))}
            {...form.getInputProps('list')}
          />
        </div>
        {lists.length === 0 && (
          <Note>
            {t('campaign:form.listsNone')}{' '}
            <TextLink to="/c/$company/contact-lists" params={{ company: company.id }}>
              {t('campaign:form.listsOpen')}
            </TextLink>
          </Note>
        )}
        <div>
          <SegmentedControl
            aria-label={t('campaign:form.purpose')}
            data={(['service', 'advertising'] as const).map((value) => ({
              value,
              label: t(`campaign:purpose.${value}`),
            }))}
            {...form.getInputProps('purpose')}
          />
          <span className={classes.below}>
            {t(`campaign:form.purposeHelp.${form.values.purpose}`)}
          </span>
        </div>
      </div>
    </Card>
  )
}

type Written = 'subject' | 'text' | 'html'

function Content({ form, lists }: { form: FormOf; lists: ContactList[] }) {
  const { t } = useTranslation('campaign', 'text')
  const { channel, list, text, subject, html } = form.values
  const letter = channel === 'email'
  const last = useRef<{ name: Written; field: HTMLInputElement | HTMLTextAreaElement } | null>(null)
  const names = [...ownVariables, ...(lists.find((one) => one.id === list)?.columns ?? [])]
  const unsure = unsureIn(`${letter ? `${subject} ${html} ` : ''}${text}`)
  const unknown = list ? unsure.filter((name) => !names.includes(name)) : []
  const remember = (name: Written) => ({
    onFocus: (event: React.FocusEvent<HTMLInputElement | HTMLTextAreaElement>) => {
      last.current = { name, field: event.currentTarget }
    },
  })
  const insert = (variable: string) => {
    const { name, field } = last.current ?? { name: 'text' as const, field: null }
    const before = form.values[name]
    const at = field?.selectionStart ?? before.length
    const end = field?.selectionEnd ?? at
    form.setFieldValue(name, `${before.slice(0, at)}{${variable}}${before.slice(end)}`)
    requestAnimationFrame(() => {
      field?.focus()
      field?.setSelectionRange(at + variable.length + 2, at + variable.length + 2)
    })
  }
  return (
    <Card title={t('campaign:form.content')}>
      <div className={classes.fields}>
        <div className={classes.pair}>
          <SegmentedControl
            aria-label={t('text:column.channel')}
            data={(['sms', 'email'] as const).map((value) => ({
              value,
              label: t(`text:channel.${value}`),
            }))}
            {...form.getInputProps('channel')}
          />
          <TextInput
            aria-label={t('text:column.from')}
            placeholder={`${t('text:column.from')}: ${t('text:send.usual').toLowerCase()}`}
            maxLength={254}
            {...form.getInputProps('sender')}
          />
        </div>
        {letter && (
          <TextInput
            label={t('text:send.subject')}
            maxLength={998}
            {...form.getInputProps('subject')}
            {...remember('subject')}
          />
        )}
        <Textarea
          label={t('text:send.text')}
          description={!letter && <SMSCount text={text} varies={variablesIn(text).length > 0} />}
          inputWrapperOrder={['label', 'input', 'description', 'error']}
          autosize
          minRows={4}
          maxRows={14}
          {...form.getInputProps('text')}
          {...remember('text')}
        />
        {letter && (
          <Textarea
            label={t('campaign:form.html')}
            description={t('campaign:form.htmlHelp')}
            autosize
            minRows={3}
            maxRows={14}
            {...form.getInputProps('html')}
            {...remember('html')}
          />
        )}
        <div className={classes.variables}>
          {t('campaign:form.variables')}
          {names.map((name) => (
            <UnstyledButton
              key={name}
              className={classes.variable}
              // The place of the cursor in the field would be lost with its focus.
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => insert(name)}
            >
              {`{${name}}`}
            </UnstyledButton>
          ))}
          <span>{t('campaign:form.fallback')}</span>
        </div>
        {unknown.length > 0 && (
          <Note meaning="warning">
            {t('campaign:form.unknown', { names: unknown.map((name) => `{${name}}`).join(', ') })}
          </Note>
        )}
      </div>
    </Card>
  )
}

function Pace({ form }: { form: FormOf }) {
  const { t } = useTranslation('campaign', 'text')
  const { company } = useSession()
  const locale = useLocale()
  const known = [...new Set([...lifetimes, Number(form.values.lifetime)])].sort((a, b) => a - b)
  return (
    <Card title={t('campaign:form.pace')}>
      <div className={classes.fields}>
        <div className={classes.pair}>
          <TextInput
            type="datetime-local"
            label={t('campaign:form.startsAt')}
            description={t('campaign:form.startsAtHelp', {
              zone: zoneLabel(company.time_zone, new Date(), locale),
            })}
            {...form.getInputProps('startsAt')}
          />
          <Select
            label={t('campaign:form.lifetime')}
            description={t('campaign:form.lifetimeHelp')}
            allowDeselect={false}
            data={known.map((seconds) => ({
              value: String(seconds),
              label: lifetimeText(seconds, locale),
            }))}
            {...form.getInputProps('lifetime')}
          />
          <NumberInput
            label={t('campaign:form.speed')}
            description={t('campaign:form.speedHelp')}
            min={1}
            max={100_000}
            allowDecimal={false}
            {...form.getInputProps('speed')}
          />
        </div>
        <Switch
          label={t('campaign:form.resend')}
          description={t('campaign:form.resendHelp')}
          {...form.getInputProps('resend', { type: 'checkbox' })}
        />
      </div>
    </Card>
  )
}
