import { CopyButton, UnstyledButton } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './CopyId.module.css'

interface Props {
  id: string | number
  /** What is shown instead of the id itself, a short number for example. */
  label?: string
}

/** CopyId shows an id that a click copies. */
export function CopyId({ id, label }: Props) {
  const { t } = useTranslation()
  return (
    <CopyButton value={String(id)}>
      {({ copied, copy }) => (
        <UnstyledButton
          className={`reach ${classes.id}`}
          title={t(copied ? 'ui:copied' : 'ui:copyId')}
          onClick={(event) => {
            event.preventDefault()
            event.stopPropagation()
            copy()
          }}
          aria-label={`${t(copied ? 'ui:copied' : 'ui:copyId')}: ${label ?? id}`}
        >
          <span>{label ?? id}</span>
          {copied ? (
            <IconCheck size={14} aria-hidden />
          ) : (
            <IconCopy size={14} aria-hidden className={classes.icon} />
          )}
        </UnstyledButton>
      )}
    </CopyButton>
  )
}
