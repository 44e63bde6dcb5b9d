import '@/lib/theme/rest'
import { Modal, Switch } from '@mantine/core'
import { useTranslation } from '@/lib/i18n/i18n'
import { modKey, useShortcutRegistry } from '@/lib/keys/shortcuts'
import classes from './Keys.module.css'

/** KeysDialog lists the keys of the page as they are right now. */
export function KeysDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('frame')
  return (
    <Modal
      opened
      onClose={onClose}
      title={t('frame:keys.title')}
      centered
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <KeyList />
    </Modal>
  )
}

function KeyList() {
  const { t } = useTranslation('frame')
  const { all, enabled, setEnabled } = useShortcutRegistry()
  return (
    <>
      <dl className={classes.keys}>
        {all().map(({ code, shown, mod, label }) => (
          <div key={`${mod} ${code} ${label}`} className={classes.row}>
            <dt>{label}</dt>
            <dd>
              {mod && <kbd>{modKey}</kbd>} <kbd>{shown}</kbd>
            </dd>
          </div>
        ))}
      </dl>
      <Switch
        label={t('frame:keys.single')}
        description={t('frame:keys.singleHelp')}
        checked={enabled}
        onChange={(event) => setEnabled(event.currentTarget.checked)}
      />
    </>
  )
}
