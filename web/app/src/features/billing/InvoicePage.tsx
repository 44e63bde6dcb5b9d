import { Button, Menu } from '@mantine/core'
import { IconDots, IconDownload } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import type { Invoice } from '@/lib/api/types'
import { invoiceQuery } from '@/lib/data/invoices'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { Card } from '@/ui/Card'
import { useConfirm } from '@/ui/Confirm'
import { CopyId } from '@/ui/CopyId'
import { ErrorState } from '@/ui/ErrorState'
import { TextLink } from '@/ui/links'
import { Page } from '@/ui/Page'
import { RowSkeletons } from '@/ui/Skeletons'
import { toastGood, toastProblem } from '@/ui/toast'
import classes from './billing.module.css'
import { InvoiceFacts } from './InvoiceFacts'
import { Lines } from './Lines'
import { Payments } from './Payments'
import { Kind, State } from './parts'
import { pdfOf } from './pdf'
import { useFresh } from './useFresh'

const route = getRouteApi('/c/$company/statistics/invoices/$invoice')

/** InvoicePage shows what an invoice is for, line by line, and what was paid of it. */
export function InvoicePage() {
  const { t } = useTranslation('billing')
  const { company, invoice: id } = route.useParams()
  const { data: invoice, error, refetch } = useQuery(invoiceQuery(company, id))
  useFresh()
  return (
    <Page
      title={invoice ? t('billing:one', { number: invoice.number }) : t('billing:title')}
      lead={invoice && <Lead invoice={invoice} />}
      actions={invoice && <Actions invoice={invoice} />}
      above={
        <TextLink to="/c/$company/statistics/invoices" params={{ company }} size="sm">
          ← {t('billing:title')}
        </TextLink>
      }
    >
      {error && !invoice && <ErrorState error={error} onRetry={() => void refetch()} />}
      {!error && !invoice && <RowSkeletons />}
      {invoice && (
        <div className={classes.columns}>
          <div className={classes.main}>
            <Lines invoice={invoice} />
            <Payments invoice={invoice} />
          </div>
          <Card>
            <InvoiceFacts invoice={invoice} />
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

function Actions({ invoice }: { invoice: Invoice }) {
  const { t } = useTranslation('billing')
  const { company, may } = useSession()
  const cancel = useCancel(invoice)
  const cancellable =
    invoice.kind === 'top_up' && invoice.state === 'issued' && may('invoices.create')
  return (
    <>
      <Button
        component="a"
        href={pdfOf(company.id, invoice.id)}
        download={invoice.file.name}
        leftSection={<IconDownload size={16} aria-hidden />}
      >
        {t('billing:download')}
      </Button>
      {cancellable && (
        <Menu position="bottom-end">
          <Menu.Target>
            <Button variant="default" px="xs" aria-label={t('ui:actions')}>
              <IconDots size={18} aria-hidden />
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item color="red" onClick={cancel}>
              {t('billing:cancel.open')}
            </Menu.Item>
          </Menu.Dropdown>
        </Menu>
      )}
    </>
  )
}

/** useCancel asks first: a number that was cancelled is never given again. */
function useCancel(invoice: Invoice): () => Promise<void> {
  const { t } = useTranslation('billing')
  const { company } = useSession()
  const client = useQueryClient()
  const confirm = useConfirm()
  const { mutate } = useMutation({
    mutationFn: () =>
      ok(
        api.POST('/api/v1/companies/{company}/invoices/{invoice}/cancel', {
          params: { path: { company: company.id, invoice: invoice.id } },
        }),
      ),
    onSuccess: (cancelled) => {
      client.setQueryData(invoiceQuery(company.id, invoice.id).queryKey, cancelled)
      void client.invalidateQueries({ queryKey: ['invoices', company.id, 'list'] })
      toastGood(t('billing:cancel.done', { number: invoice.number }))
    },
    onError: (error) => {
      toastProblem(t, error)
      void client.invalidateQueries({ queryKey: ['invoices', company.id] })
    },
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
