import { IconUserOff } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { legalQuery, siteQuery } from '@/lib/data/site'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { Empty } from '@/ui/Empty'
import { ErrorState } from '@/ui/ErrorState'
import { ButtonLink, TextLink } from '@/ui/links'
import { FormSkeleton } from '@/ui/Skeletons'
import { PublicPage } from '../PublicPage'
import classes from '../PublicPage.module.css'
import { SignUpForm } from './SignUpForm'

const route = getRouteApi('/signup')

/** SignUpPage makes a company and its owner. */
export function SignUpPage() {
  const { t } = useTranslation('signup')
  const { ref: referrer } = route.useSearch()
  const navigate = useNavigate()
  const site = useQuery(siteQuery)
  const legal = useQuery(legalQuery(useLanguage()))
  const error = site.error ?? legal.error
  const retry = () => {
    void site.refetch()
    void legal.refetch()
  }
  return (
    <PublicPage title={t('signup:title')} lead={t('signup:lead')}>
      {site.data && !site.data.open ? (
        <Empty
          picture={<IconUserOff />}
          title={t('signup:closed.title')}
          text={t('signup:closed.text')}
          action={<ButtonLink to="/sign-in">{t('ui:signIn.submit')}</ButtonLink>}
        />
      ) : site.data && legal.data ? (
        <SignUpForm
          site={site.data}
          texts={legal.data}
          referrer={referrer}
          onTextsChanged={() => void legal.refetch()}
          onRegistered={(by) =>
            void navigate({
              to: '/sign-in',
              search: { after: by === 'email' ? 'registered' : 'check_mail' },
            })
          }
        />
      ) : error ? (
        <ErrorState error={error} onRetry={retry} />
      ) : (
        <FormSkeleton fields={5} />
      )}
      <div className={classes.foot}>
        <span>
          {t('signup:known')} <TextLink to="/sign-in">{t('ui:signIn.submit')}</TextLink>
        </span>
      </div>
    </PublicPage>
  )
}
