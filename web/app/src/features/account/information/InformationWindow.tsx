import '@/lib/theme/rest'
import { Modal, Text } from '@mantine/core'
import { useMediaQuery } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import { informationQuery } from '@/lib/data/information'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { useConfirm } from '@/ui/Confirm'
import { toastGood } from '@/ui/toast'
import { InformationForm } from './InformationForm'
import classes from './information.module.css'
import { NewUser } from './NewUser'

/** InformationWindow asks for what papers need, over whatever page is open; it can be put off. */
export function InformationWindow({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('company')
  const { company, may } = useSession()
  const confirm = useConfirm()
  const phone = useMediaQuery('(max-width: 639px)')
  const dirty = useRef(false)
  const [reloads, setReloads] = useState(0)
  const { data, refetch } = useQuery(informationQuery(company.id))
  const close = async () => {
    const question = {
      title: t('company:leave.title'),
      text: t('ui:leave.text'),
      action: t('ui:leave.action'),
      danger: true,
    }
    if (!dirty.current || (await confirm(question))) onClose()
  }
  return (
    <Modal
      opened
      onClose={() => void close()}
      title={t('company:title')}
      size={840}
      fullScreen={phone}
      closeOnClickOutside={false}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Text c="dimmed" mb="md">
        {t('company:lead')}
      </Text>
      {data && (
        <InformationForm
          key={reloads}
          information={data}
          onReload={() => void refetch().then(() => setReloads(reloads + 1))}
          onCancel={() => void close()}
          onDirty={(now) => {
            dirty.current = now
          }}
          onSaved={(saved) => {
            if (saved.missing.length > 0) return
            toastGood(t('company:complete'))
            onClose()
          }}
        />
      )}
      {data && may('users.manage') && (
        <div className={classes.below}>
          <NewUser />
        </div>
      )}
    </Modal>
  )
}
