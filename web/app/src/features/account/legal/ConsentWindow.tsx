import '@/lib/theme/rest'
import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { api, ok } from '@/lib/api/client'
import type { Me } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Marked } from '@/lib/i18n/Marked'
import { meQuery } from '@/lib/session/session'
import { Failed } from '../Failed'
import { LegalLink } from '../signup/Consents'
import { useSending } from '../useSending'

type Asked = Me['consent_required'][number]

/** ConsentWindow stays until the new versions are agreed to, or the person signs out. */
export function ConsentWindow({ asked }: { asked: Asked[] }) {
  const { t } = useTranslation('signup')
  const client = useQueryClient()
  const [agreed, setAgreed] = useState<string[]>([])
  const sending = useSending()
  const keyOf = ({ kind, version }: Asked) => `${kind} ${version}`
  const agree = () =>
    sending.run(async () => {
      for (const body of asked) await ok(api.POST('/api/v1/me/consents', { body }))
      await client.invalidateQueries({ queryKey: meQuery.queryKey })
    })
  const leave = () =>
    sending.run(async () => {
      await ok(api.POST('/api/v1/sign-out'))
      window.location.assign('/sign-in')
    })
  return (
    <Modal
      opened
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      centered
      title={t('signup:newer.title')}
    >
      <Stack gap="md">
        <Text c="dimmed">{t('signup:newer.lead')}</Text>
        {asked.map((one) => (
          <Checkbox
            key={keyOf(one)}
            checked={agreed.includes(keyOf(one))}
            onChange={(e) =>
              setAgreed(
                e.currentTarget.checked
                  ? [...agreed, keyOf(one)]
                  : agreed.filter((key) => key !== keyOf(one)),
              )
            }
            label={
              <Marked text={t(`signup:agree.${one.kind}`)} a={<LegalLink kind={one.kind} />} />
            }
          />
        ))}
        <Failed error={sending.failed} />
        <Group>
          <Button
            loading={sending.sending}
            disabled={asked.some((one) => !agreed.includes(keyOf(one)))}
            onClick={() => void agree()}
          >
            {t('signup:newer.agree')}
          </Button>
          <Button variant="subtle" color="gray" onClick={() => void leave()}>
            {t('signup:newer.leave')}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}
