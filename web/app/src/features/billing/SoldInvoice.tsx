import { Button, Menu } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Invoice } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card } from '@/ui/Card'
import { useConfirm } from '@/ui/Confirm'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { Page } from '@/ui/Page'
import { RowSkeletons } from '@/ui/Skeletons'
import { toastGood, toastProblem } from '@/ui/toast'
import classes from './billing.module.css'
import { InvoiceFacts } from './InvoiceFacts'
import { Lines } from './Lines'
import { awaitsMoney } from './model'
import { PaymentDialog } from './PaymentDialog'
import { Payments } from './Payments'
import { Kind, State } from './parts'
import type { Seller } from './seller'

interface Props {
  seller: Seller
  buyer: number
  id: string
  /** Leads back to the list. */
  above: ReactNode
}

/** SoldInvoice is an invoice as its seller sees it: what it is for, what came in for it, and what to do about it. */
export function SoldInvoice({ seller, buyer, id, above }: Props) {
  const { t } = useTranslation('billing')
  const queryKey = ['sold-invoices', seller.key, 'one', id]
  const {
    data: invoice,
    error,
    refetch,
  } = useQuery({ queryKey, queryFn: () => seller.one(buyer, id) })
  return (
    <Page
      title={invoice ? t('billing:one', { number: invoice.number }) : t('billing:title')}
      lead={invoice && <Lead invoice={invoice} />}
      actions={invoice && <Actions seller={seller} invoice={invoice} />}
      above={above}
    >
      {error && !invoice && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !invoice && <RowSkeletons />}
      {invoice && (
        <div className={classes.columns}>
          <div className={classes.main}>
            <Lines invoice={invoice} sold />
            <Payments invoice={invoice} />
          </div>
          <Card>
            <InvoiceFacts invoice={invoice} pdf={seller.pdf(invoice)} />
          </Card>
        </div>
      )}
    </Page>
  )
}

function Lead({ invoice }: { invoice: Invoice }) {
  return (
    <span className={classes.lead}>
      <State invoice={invoice} />
      <Kind invoice={invoice} />
      <CopyId id={invoice.id} />
    </span>
  )
}

function Actions({ seller, invoice }: { seller: Seller; invoice: Invoice }) {
  const { t } = useTranslation('billing')
  const [paying, setPaying] = useState(false)
  const cancel = useCancel(seller, invoice)
  return (
    <>
      {awaitsMoney(invoice) && (
        <Button onClick={() => setPaying(true)}>{t('billing:pay.open')}</Button>
      )}
      {invoice.kind === 'top_up' && invoice.state === 'issued' && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px="xs" aria-label={t('ui:actions')}>
              <IconDots size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="red" onClick={() => void cancel()}>
              {t('billing:cancel.open')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
      {paying && (
        <PaymentDialog seller={seller} invoice={invoice} onClose={() => setPaying(false)} />
      )}
    </>
  )
}

/** useCancel asks first: a number that was cancelled is never given again. */
function useCancel(seller: Seller, invoice: Invoice): () => Promise<void> {
  const { t } = useTranslation('billing')
  const client = useQueryClient()
  const confirm = useConfirm()
  const { mutate } = useMutation({
    mutationFn: () => seller.cancel(invoice),
    onSuccess: () => toastGood(t('billing:cancel.done', { number: invoice.number })),
    onError: (error) => toastProblem(t, error),
    onSettled: () => client.invalidateQueries({ queryKey: ['sold-invoices'] }),
  })
  return async () => {
    const sure = await confirm({
      title: t('billing:cancel.title', { number: invoice.number }),
      text: t('billing:cancel.text'),
      action: t('billing:cancel.action'),
      keep: t('billing:cancel.keep'),
      danger: true,
    })
    if (sure) mutate()
  }
}
