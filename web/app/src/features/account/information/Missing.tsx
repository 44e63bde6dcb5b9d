import { UnstyledButton } from '@mantine/core'
import type { Requisites } from '@/lib/api/types'
import { partyOf } from '@/lib/company/parties'
import { useFieldNames } from '@/lib/company/useFieldNames'
import { useTranslation } from '@/lib/i18n/i18n'
import { Note } from '@/ui/Note'
import classes from './information.module.css'

interface Props {
  /** Paths of fields such as "requisites.bank.bik", in the form's order. */
  paths: string[]
  requisites: Requisites
  onGo: (path: string) => void
}

const parts = ['', 'legal_address', 'postal_address'] as const

function partOf(path: string): (typeof parts)[number] {
  return parts.find((part) => part && path.startsWith(`requisites.${part}.`)) ?? ''
}

/** Missing names each field that is still to be filled in, and leads to it. */
export function Missing({ paths, requisites, onGo }: Props) {
  const { t } = useTranslation('company')
  const names = useFieldNames(partyOf(requisites))
  const nameOf = (path: string) => {
    const inner = path.replace(/^requisites\./, '')
    return inner === path ? t(`company:field.${path}`) : names(inner)
  }
  return (
    <Note meaning="warning">
      <p className={classes.missingTitle}>{t('company:missing')}</p>
      {parts.map((part) => {
        const own = paths.filter((path) => partOf(path) === part)
        if (own.length === 0) return null
        return (
          <div key={part} className={classes.missing}>
            {part && <span>{t(`company:part.${part}`)}:</span>}
            {own.map((path) => (
              <UnstyledButton
                key={path}
                className={classes.missingField}
                onClick={() => onGo(path)}
              >
                {nameOf(path)}
              </UnstyledButton>
            ))}
          </div>
        )
      })}
    </Note>
  )
}
