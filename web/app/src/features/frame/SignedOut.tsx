import { Modal, Text } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api, onSignedOut } from '@/lib/api/client'
import { useRealtime } from '@/lib/realtime/realtime'
import { meQuery, useSession } from '@/lib/session/session'
import { SignInForm } from '@/ui/SignInForm'

/**
 * SignedOut opens over the page when the server no longer knows the person, so that nothing typed is lost. Someone
 * else signing in there starts on a clean page.
 */
export function SignedOut() {
  const { t } = useTranslation('frame')
  const { user } = useSession()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)

  useEffect(
    () => onSignedOut(() => setOpen(client.getQueryData(meQuery.queryKey) !== null)),
    [client],
  )
  useRealtime('signed_out', () => {
    // The answer decides: a 401 opens the window through onSignedOut.
    void api.GET('/api/v1/me').catch(() => undefined)
  })
  return (
    <Modal
      opened={open}
      onClose={() => undefined}
      withCloseButton={false}
      closeOnClickOutside={false}
      closeOnEscape={false}
      centered
      title={t('frame:signedOut.title')}
      size="sm"
    >
      <Text c="dimmed" mb="md">
        {t('frame:signedOut.text')}
      </Text>
      <SignInForm
        onSignedIn={(me) => {
          if (me.user.id !== user.id) {
            window.location.assign('/')
            return
          }
          setOpen(false)
          void client.invalidateQueries()
        }}
      />
    </Modal>
  )
}
