import { IconCoins, IconMessage2Bolt, IconUsersGroup } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { api, ok } from '@/lib/api/client'
import { siteQuery } from '@/lib/data/site'
import { useTranslation } from '@/lib/i18n/i18n'
import { ButtonLink } from '@/ui/links'
import { usePageTitle } from '@/ui/Page'
import { PublicBar } from './PublicBar'
import classes from './WelcomePage.module.css'
import { WelcomePicture } from './WelcomePicture'

const PublicPrices = lazy(() =>
  import('./PublicPrices').then((module) => ({ default: module.PublicPrices })),
)

/** WelcomePage says what the platform is to someone who has not signed in. */
export function WelcomePage() {
  const { t } = useTranslation('account')
  const { data: site } = useQuery(siteQuery)
  usePageTitle('')
  const features = [
    { key: 'chat', icon: IconMessage2Bolt },
    { key: 'team', icon: IconUsersGroup },
    { key: 'money', icon: IconCoins },
  ]
  return (
    <div className={classes.page}>
      <PublicBar>
        <ButtonLink to="/sign-in" variant="default">
          {t('ui:signIn.submit')}
        </ButtonLink>
      </PublicBar>
      <main className={classes.main}>
        <section className={classes.hero}>
          <div>
            <h1 className={classes.headline}>{t('account:welcome.headline')}</h1>
            <p className={classes.lead}>{t('account:welcome.lead')}</p>
            <div className={classes.start}>
              {site?.open && (
                <ButtonLink to="/signup" size="md">
                  {t('account:signIn.register')}
                </ButtonLink>
              )}
              <ButtonLink to="/sign-in" size="md" variant={site?.open ? 'default' : 'filled'}>
                {t('ui:signIn.submit')}
              </ButtonLink>
              <Status />
            </div>
          </div>
          <WelcomePicture />
        </section>
        <ul className={classes.features}>
          {features.map(({ key, icon: Icon }) => (
            <li key={key}>
              <Icon size={24} stroke={1.6} aria-hidden className={classes.icon} />
              <h2>{t(`account:welcome.${key}.title`)}</h2>
              <p>{t(`account:welcome.${key}.text`)}</p>
            </li>
          ))}
        </ul>
        {site?.prices_published && (
          <Suspense fallback={null}>
            <PublicPrices />
          </Suspense>
        )}
      </main>
    </div>
  )
}

/** Status is what the platform says of itself, and what it means when it does not answer. */
function Status() {
  const { t } = useTranslation('account')
  const { data, isPending } = useQuery({
    queryKey: ['platform'],
    queryFn: () => ok(api.GET('/api/v1/platform')),
    refetchInterval: 60_000,
  })
  const state = isPending ? 'unknown' : data?.status === 'ok' ? 'ok' : 'trouble'
  return (
    <p className={classes.status} data-state={state} role="status">
      <span className={classes.dot} aria-hidden />
      {t(`account:status.${state}`)}
    </p>
  )
}
