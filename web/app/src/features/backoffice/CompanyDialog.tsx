import { Modal } from '@mantine/core'
import type { ReactNode } from 'react'
import type { BackOfficeCompany } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Facts } from '@/ui/Card'
import { MoneyText } from '@/ui/MoneyText'
import classes from './CompanyDialog.module.css'

export interface DialogProps {
  company: BackOfficeCompany
  onClose: () => void
}

interface Props extends DialogProps {
  title: string
  /** Keeps what is being typed when someone presses beside the window. */
  dirty: boolean
  children: ReactNode
}

/** CompanyDialog shows whose money it is above what is done with it. */
export function CompanyDialog({ company, title, dirty, onClose, children }: Props) {
  const { t } = useTranslation('backoffice')
  return (
    <Modal
      opened
      onClose={onClose}
      title={title}
      closeOnClickOutside={!dirty}
      closeButtonProps={{ 'aria-label': t('ui:close') }}
    >
      <Facts
        facts={[
          { name: t('backoffice:column.name'), value: `${company.name} · ${company.id}` },
          {
            name: t('backoffice:column.balance'),
            value: <MoneyText amount={company.balance} currency={company.currency} warn />,
          },
          {
            name: t('backoffice:column.limit'),
            value: <MoneyText amount={company.credit_limit} currency={company.currency} />,
          },
        ]}
      />
      <div className={classes.below}>{children}</div>
    </Modal>
  )
}
