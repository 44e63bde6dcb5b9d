import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { siteQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { LanguageSwitch } from '@/ui/LanguageTheme'
import { Logo } from '@/ui/Logo'
import { TextLink } from '@/ui/links'
import classes from './PublicBar.module.css'

/** PublicBar is on top of the pages one sees before signing in, in the name of whose address they stand at. */
export function PublicBar({ children }: { children?: ReactNode }) {
  const { t } = useTranslation()
  const site = useQuery(siteQuery)
  return (
    <header className={classes.bar}>
      <Link to="/" className={classes.brand}>
        <Logo size={32} />
        <span>{site.data?.name ?? (site.isError && t('common:name'))}</span>
      </Link>
      <div className={classes.side}>
        <TextLink to="/api-reference" size="sm">
          {t('ui:apiReference')}
        </TextLink>
        <LanguageSwitch />
        {children}
      </div>
    </header>
  )
}
