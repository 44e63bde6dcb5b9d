import { Anchor, Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import { Marked } from '@/lib/i18n/Marked'

type Kind = 'terms' | 'privacy'

interface Props {
  agreed: (kind: Kind) => boolean
  onAgree: (kind: Kind, yes: boolean) => void
}

/** Consents are the two boxes; each links to its text, in a tab of its own so that nothing typed is lost. */
export function Consents({ agreed, onAgree }: Props) {
  const { t } = useTranslation('signup')
  const box = (kind: Kind, label: ReactNode) => (
    <Checkbox
      checked={agreed(kind)}
      onChange={(e) => onAgree(kind, e.currentTarget.checked)}
      label={label}
    />
  )
  return (
    <>
      {box('terms', <Marked text={t('signup:agree.terms')} a={<LegalLink kind="terms" />} />)}
      {box('privacy', <Marked text={t('signup:agree.privacy')} a={<LegalLink kind="privacy" />} />)}
    </>
  )
}

/** LegalLink opens a text in a tab of its own. */
export function LegalLink({ kind, children }: { kind: Kind; children?: ReactNode }) {
  return (
    <Anchor href={`/legal/${kind}`} inherit target="_blank" rel="noreferrer">
      {children}
    </Anchor>
  )
}
