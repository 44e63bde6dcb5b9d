import { useTranslation } from '@/lib/i18n/i18n'

/** Waiting stands in for a whole screen until its code is there; nobody sees it, but those who listen know. */
export function Waiting() {
  return (
    <main aria-busy>
      <WaitingTitle />
    </main>
  )
}

/** WaitingTitle is the heading of a page that has not come yet. */
export function WaitingTitle() {
  const { t } = useTranslation()
  return <h1 className="visually-hidden">{t('ui:loading')}</h1>
}
