import '@/lib/theme/rest'
import { Modal, Text } from '@mantine/core'
import type { Me } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { SignInForm } from '@/ui/SignInForm'

/** SignedOutDialog lies over the page until someone signs in. */
export function SignedOutDialog({ onSignedIn }: { onSignedIn: (me: Me) => void }) {
  const { t } = useTranslation('frame')
  return (
    <Modal
      opened
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
      <SignInForm onSignedIn={onSignedIn} />
    </Modal>
  )
}
