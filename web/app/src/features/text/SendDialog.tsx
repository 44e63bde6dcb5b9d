import { Modal, SegmentedControl, Textarea, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import { fromLocal, zoneLabel } from '@parley/shared/time'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import { ApiError, asApiError } from '@/lib/api/error'
import type { NewText, TextChannel } from '@/lib/api/types'
import { textsOf } from '@/lib/data/texts'
import { useLocale, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Form } from '@/ui/Form'
import { SMSCount } from '@/ui/SMSCount'
import { toastGood } from '@/ui/toast'
import { textChannels } from './search'
import classes from './text.module.css'

interface Values {
  channel: TextChannel
  to: string
  from: string
  subject: string
  text: string
  at: string
}

/** SendDialog writes one message and shows it on its way. */
export function SendDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('text')
  const { company } = useSession()
  const locale = useLocale()
  const client = useQueryClient()
  const navigate = useNavigate()
  const needed = (value: string) => (value.trim() ? null : t('errors:field.required'))
  const form = useForm<Values>({
    initialValues: { channel: 'sms', to: '', from: '', subject: '', text: '', at: '' },
    validate: {
      to: needed,
      text: needed,
      subject: (value, { channel }) => (channel === 'email' ? needed(value) : null),
      at: (value) =>
        value && fromLocal(value, company.time_zone).getTime() < Date.now()
          ? t('text:send.past')
          : null,
    },
  })
  const { channel, text } = form.values
  const letter = channel === 'email'
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('text:send.title')}
      size="lg"
      closeOnClickOutside={!form.isDirty()}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Form
        form={form}
        submit={t(form.values.at ? 'text:send.later' : 'text:send.now')}
        pristineAllowed
        onCancel={onClose}
        fieldNames={{ send_at: 'at' }}
        explain={(field) => (field === 'to' ? t(`text:send.wrong.${channel}`) : undefined)}
        onSubmit={(values) =>
          ok(
            api.POST('/api/v1/companies/{company}/texts', {
              params: { path: { company: company.id } },
              body: message(values, company.time_zone),
            }),
          ).catch((error: unknown) => {
            throw named(error)
          })
        }
        onSaved={({ id }) => {
          void client.invalidateQueries({ queryKey: textsOf(company.id) })
          toastGood(t('text:send.done'))
          void navigate({
            to: '/c/$company/campaigns/messages/$text',
            params: { company: company.id, text: id },
          })
        }}
      >
        <div className={classes.fields}>
          <SegmentedControl
            aria-label={t('text:column.channel')}
            data={textChannels.map((value) => ({ value, label: t(`text:channel.${value}`) }))}
            {...form.getInputProps('channel')}
          />
          <div className={classes.pair}>
            <TextInput
              label={t(`text:send.to.${channel}`)}
              placeholder={letter ? 'anna@example.com' : '+7 912 345-67-89'}
              type={letter ? 'email' : 'tel'}
              autoComplete="off"
              maxLength={254}
              data-autofocus
              {...form.getInputProps('to')}
            />
            <TextInput
              label={t('text:column.from')}
              placeholder={t('text:send.usual')}
              maxLength={254}
              {...form.getInputProps('from')}
            />
          </div>
          {letter && (
            <TextInput
              label={t('text:send.subject')}
              maxLength={998}
              {...form.getInputProps('subject')}
            />
          )}
          <Textarea
            label={t('text:send.text')}
            description={!letter && <SMSCount text={text} />}
            inputWrapperOrder={['label', 'input', 'description', 'error']}
            autosize
            minRows={4}
            maxRows={12}
            {...form.getInputProps('text')}
          />
          <TextInput
            type="datetime-local"
            label={t('text:send.at')}
            description={t('text:send.atHelp', {
              zone: zoneLabel(company.time_zone, new Date(), locale),
            })}
            {...form.getInputProps('at')}
          />
        </div>
      </Form>
    </Modal>
  )
}

function message({ channel, to, from, subject, text, at }: Values, zone: string): NewText {
  return {
    channel,
    to: to.trim(),
    text,
    ...(from.trim() && { from: from.trim() }),
    ...(channel === 'email' && { subject }),
    ...(at && { send_at: fromLocal(at, zone).toISOString() }),
  }
}

/** named gives two refusals that are no fault of the message a sentence of their own. */
function named(error: unknown): unknown {
  const { code, problem, status } = asApiError(error)
  if (problem.reason === 'no_route') return new ApiError({ ...problem, code: 'no_route' }, status)
  if (code === 'conflict' && problem.item)
    return new ApiError({ ...problem, code: 'no_price' }, status)
  return error
}
