/** pdfOf is where a company finds the paper of its invoice. */
export function pdfOf(company: number, invoice: string): string {
  return `/api/v1/companies/${company}/invoices/${invoice}/pdf`
}
