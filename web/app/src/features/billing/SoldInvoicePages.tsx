import { getRouteApi } from '@tanstack/react-router'
import { useTranslation } from '@/lib/i18n/i18n'
import { TextLink } from '@/ui/links'
import { SoldInvoice } from './SoldInvoice'
import { platform, reseller } from './seller'

const ofPlatform = getRouteApi('/c/$company/back-office/invoices/$buyer/$invoice')
const ofReseller = getRouteApi('/c/$company/dependents/invoices/$buyer/$invoice')

/** BackOfficeInvoicePage is one invoice that the platform has issued. */
export function BackOfficeInvoicePage() {
  const { t } = useTranslation('billing')
  const { company, buyer, invoice } = ofPlatform.useParams()
  return (
    <SoldInvoice
      seller={platform}
      buyer={Number(buyer)}
      id={invoice}
      above={
        <TextLink to="/c/$company/back-office/invoices" params={{ company }} size="sm">
          ← {t('billing:title')}
        </TextLink>
      }
    />
  )
}

/** DependentInvoicePage is one invoice that a reseller has issued. */
export function DependentInvoicePage() {
  const { t } = useTranslation('billing')
  const { company, buyer, invoice } = ofReseller.useParams()
  return (
    <SoldInvoice
      seller={reseller(company)}
      buyer={Number(buyer)}
      id={invoice}
      above={
        <TextLink to="/c/$company/dependents/invoices" params={{ company }} size="sm">
          ← {t('billing:sold.title')}
        </TextLink>
      }
    />
  )
}
