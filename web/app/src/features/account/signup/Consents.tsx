import { Anchor, Checkbox } from '@mantine/core'
import type { ReactNode } from 'react'
import { Trans, useTranslation } from 'react-i18next'

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
      {box(
        'terms',
        <Trans t={t} i18nKey="signup:agree.terms" components={{ a: <LegalLink kind="terms" /> }} />,
      )}
      {box(
        'privacy',
        <Trans
          t={t}
          i18nKey="signup:agree.privacy"
          components={{ a: <LegalLink kind="privacy" /> }}
        />,
      )}
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
