import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { siteQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { landingPath, safeReturn } from '@/lib/session/landing'
import { homeCompany, membershipOf } from '@/lib/session/session'
import { TextLink } from '@/ui/links'
import { Note } from '@/ui/Note'
import { SignInForm } from '@/ui/SignInForm'
import { PublicPage } from './PublicPage'
import classes from './PublicPage.module.css'

const route = getRouteApi('/sign-in')

/** SignInPage leads back to where the person was going, else to the page their role starts on. */
export function SignInPage() {
  const { t } = useTranslation('account')
  const { to, after } = route.useSearch()
  const { data: site } = useQuery(siteQuery)
  const navigate = useNavigate()
  return (
    <PublicPage
      title={t('account:signIn.title')}
      lead={t(safeReturn(to) ? 'account:signIn.goOn' : 'account:signIn.lead')}
    >
      {after && (
        <div className={classes.note} role="status">
          <Note>{t(`account:signIn.after.${after}`)}</Note>
        </div>
      )}
      <SignInForm
        onSignedIn={(me) => {
          const company = homeCompany(me)
          const membership = company === undefined ? undefined : membershipOf(me, company)
          const target = safeReturn(to) ?? (membership ? landingPath(membership) : '/')
          void navigate({ href: target, replace: true })
        }}
      />
      <div className={classes.foot}>
        <TextLink to="/recover">{t('account:signIn.forgot')}</TextLink>
        {site?.open && <TextLink to="/signup">{t('account:signIn.register')}</TextLink>}
      </div>
    </PublicPage>
  )
}
