import { type ReactNode, useEffect } from 'react'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from './Page.module.css'

interface Props {
  title: string
  /** One sentence under the title, when the title alone does not say it. */
  lead?: ReactNode
  actions?: ReactNode
  /** A way up, above the title. */
  above?: ReactNode
  /** "form" keeps lines readable, "wide" is for tables. */
  width?: 'form' | 'wide'
  children: ReactNode
}

/** Page is the frame of every page's content: one h1, one primary action. */
export function Page({ title, lead, actions, above, width = 'wide', children }: Props) {
  usePageTitle(title)
  return (
    <div className={classes.page} data-width={width}>
      {above && <div className={classes.above}>{above}</div>}
      <header className={classes.header}>
        <div className={classes.words}>
          <h1 className={classes.title}>{title}</h1>
          {lead && <p className={classes.lead}>{lead}</p>}
        </div>
        {actions && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** usePageTitle names the browser tab. */
export function usePageTitle(title: string): void {
  const { t } = useTranslation()
  useEffect(() => {
    document.title = title ? `${title} · ${t('common:name')}` : t('common:name')
  }, [title, t])
}
