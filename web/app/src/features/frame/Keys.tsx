import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { useShortcuts } from '@/lib/keys/shortcuts'
import { onOpenPalette, openPalette } from './openPalette'

const Palette = lazy(() => import('./Palette').then((module) => ({ default: module.Palette })))

const KeysDialog = lazy(() =>
  import('./KeysDialog').then((module) => ({ default: module.KeysDialog })),
)

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
      {help && (
        <Suspense fallback={null}>
          <KeysDialog onClose={() => setHelp(false)} />
        </Suspense>
      )}
    </>
  )
}
