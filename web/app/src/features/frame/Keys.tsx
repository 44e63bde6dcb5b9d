import { Modal, Switch } from '@mantine/core'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { modKey, useShortcutRegistry, useShortcuts } from '@/lib/keys/shortcuts'
import classes from './Keys.module.css'
import { onOpenPalette, openPalette } from './openPalette'

const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })))

const listeners = new Set<() => void>()

/** openKeys shows the keys of the page. */
export function openKeys(): void {
  for (const listener of listeners) listener()
}

/** Keys owns the two keys that work everywhere and what they open. */
export function Keys() {
  const { t } = useTranslation('frame')
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  useEffect(() => onOpenPalette(() => setPalette(true)), [])
  useEffect(() => {
    const show = () => setHelp(true)
    listeners.add(show)
    return () => void listeners.delete(show)
  }, [])
  useShortcuts([
    { code: 'KeyK', shown: 'K', mod: true, label: t('frame:keys.palette'), run: openPalette },
    { code: 'Slash', shown: '?', shift: true, label: t('frame:keys.help'), run: openKeys },
  ])
  return (
    <>
      {palette && (
        <Suspense fallback={null}>
          <Palette onClose={() => setPalette(false)} />
        </Suspense>
      )}
      <Modal
        opened={help}
        onClose={() => setHelp(false)}
        title={t('frame:keys.title')}
        centered
        closeButtonProps={{ 'aria-label': t('ui:close') }}
      >
        <KeyList />
      </Modal>
    </>
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
