import { SegmentedControl } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router'
import { api, ok } from '@/lib/api/client'
import { useLanguage, useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { BackOfficeTabs } from '@/ui/BackOfficeTabs'
import { Card } from '@/ui/Card'
import { ErrorState } from '@/ui/ErrorState'
import { Page } from '@/ui/Page'
import { RowSkeletons } from '@/ui/Skeletons'
import { LetterPreview } from './LetterPreview'
import classes from './legal.module.css'

const route = getRouteApi('/c/$company/back-office/letters')

/** LettersPage shows each letter as it is sent, made of sample values. */
export function LettersPage() {
  const { t } = useTranslation('backoffice')
  const { company } = useSession()
  const own = useLanguage()
  const search = route.useSearch()
  const navigate = useNavigate()
  const { data, error, refetch } = useQuery({
    queryKey: ['back-office', 'letters'],
    queryFn: () => ok(api.GET('/api/v1/back-office/letters')),
  })
  const kind = data?.items.find((letter) => letter.kind === search.kind) ?? data?.items[0]
  const language = search.language ?? own
  const go = (change: Partial<typeof search>) =>
    void navigate({
      to: '/c/$company/back-office/letters',
      params: { company: company.id },
      search: { ...search, ...change },
      replace: true,
    })
  return (
    <Page title={t('backoffice:letters.title')} lead={t('backoffice:letters.lead')}>
      <BackOfficeTabs on="letters" />
      {error && !data ? (
        <ErrorState error={error} onRetry={() => void refetch()} />
      ) : kind ? (
        <div className={classes.letters}>
          <Card flush title={t('backoffice:letters.kinds')}>
            <ul className={classes.kinds}>
              {data?.items.map((letter) => (
                <li key={letter.kind}>
                  <Link
                    to="/c/$company/back-office/letters"
                    params={{ company: company.id }}
                    search={{ ...search, kind: letter.kind }}
                    className={classes.kind}
                    aria-current={letter.kind === kind.kind ? 'true' : undefined}
                  >
                    {letter.subjects[language]}
                    <span className={classes.subject}>{letter.kind}</span>
                  </Link>
                </li>
              ))}
            </ul>
          </Card>
          <Card
            title={kind.subjects[language]}
            actions={
              <>
                <SegmentedControl
                  size="xs"
                  aria-label={t('ui:language')}
                  value={language}
                  onChange={(value) => go({ language: value === 'ru' ? 'ru' : 'en' })}
                  data={[
                    { value: 'en', label: 'English' },
                    { value: 'ru', label: 'Русский' },
                  ]}
                />
                <SegmentedControl
                  size="xs"
                  aria-label={t('backoffice:letters.format')}
                  value={search.format ?? 'html'}
                  onChange={(value) => go({ format: value === 'text' ? 'text' : undefined })}
                  data={[
                    { value: 'html', label: 'HTML' },
                    { value: 'text', label: t('backoffice:letters.text') },
                  ]}
                />
              </>
            }
          >
            <LetterPreview kind={kind.kind} language={language} format={search.format ?? 'html'} />
          </Card>
        </div>
      ) : (
        <RowSkeletons />
      )}
    </Page>
  )
}
