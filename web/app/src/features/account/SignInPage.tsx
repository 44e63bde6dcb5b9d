import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { landingPath, safeReturn } from '@/lib/session/landing'
import { homeCompany, membershipOf } from '@/lib/session/session'
import { usePageTitle } from '@/ui/Page'
import { SignInForm } from '@/ui/SignInForm'
import { PublicBar } from './PublicBar'
import classes from './SignInPage.module.css'

const route = getRouteApi('/sign-in')

/** SignInPage leads back to where the person was going, else to the page their role starts on. */
export function SignInPage() {
  const { t } = useTranslation('account')
  const { to } = route.useSearch()
  const navigate = useNavigate()
  usePageTitle(t('account:signIn.title'))
  return (
    <div className={classes.page}>
      <PublicBar />
      <main className={classes.main}>
        <div className={classes.box}>
          <h1 className={classes.title}>{t('account:signIn.title')}</h1>
          <p className={classes.lead}>
            {t(safeReturn(to) ? 'account:signIn.goOn' : 'account:signIn.lead')}
          </p>
          <SignInForm
            onSignedIn={(me) => {
              const company = homeCompany(me)
              const membership = company === undefined ? undefined : membershipOf(me, company)
              const target = safeReturn(to) ?? (membership ? landingPath(membership) : '/')
              void navigate({ href: target, replace: true })
            }}
          />
        </div>
      </main>
    </div>
  )
}
