import { Anchor } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { networkError, problemOf } from '@/lib/api/error'
import { useTranslation } from '@/lib/i18n/i18n'
import { ErrorState } from '@/ui/ErrorState'
import { LanguageSwitch } from '@/ui/LanguageTheme'
import { Logo } from '@/ui/Logo'
import { usePageTitle } from '@/ui/Page'
import { SearchField } from '@/ui/SearchField'
import { RowSkeletons } from '@/ui/Skeletons'
import { type ApiDocument, found, type Group, groupsOf } from './document'
import { OperationCard } from './OperationCard'
import classes from './ReferencePage.module.css'

const address = '/api/openapi.json'

async function readDocument(): Promise<ApiDocument> {
  const answer = await fetch(address).catch(() => {
    throw networkError()
  })
  if (!answer.ok) throw problemOf(await answer.json().catch(() => undefined), answer)
  return (await answer.json()) as ApiDocument
}

/** ReferencePage shows the server's own description of its API. */
export function ReferencePage() {
  const { t } = useTranslation('reference')
  usePageTitle(t('reference:title'))
  const { data, error, refetch } = useQuery({
    queryKey: ['api-reference'],
    queryFn: readDocument,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <div className={classes.page}>
      <header className={classes.bar}>
        <Link to="/" className={classes.brand}>
          <Logo size={32} />
          <span>{t('common:name')}</span>
        </Link>
        <LanguageSwitch />
      </header>
      <main className={classes.main}>
        <h1 className={classes.title}>{t('reference:title')}</h1>
        <p className={classes.lead}>{t('reference:lead')}</p>
        <p className={classes.lead}>
          <Anchor href={address} download="parley-openapi.json">
            {t('reference:document')}
          </Anchor>
        </p>
        {data ? (
          <Operations groups={groupsOf(data)} />
        ) : error ? (
          <ErrorState error={error} onRetry={() => void refetch()} />
        ) : (
          <RowSkeletons />
        )}
      </main>
    </div>
  )
}

function Operations({ groups }: { groups: Group[] }) {
  const { t } = useTranslation('reference')
  const [search, setSearch] = useState('')
  const shown = found(groups, search)
  // The browser looked for the address's #operation before there was one.
  useEffect(() => {
    document.getElementById(window.location.hash.slice(1))?.scrollIntoView()
  }, [])
  return (
    <>
      <SearchField value={search} onChange={setSearch} label={t('reference:search')} />
      {shown.length === 0 && <p role="status">{t('reference:nothing')}</p>}
      {shown.map(({ name, operations }) => (
        <section key={name} aria-label={name}>
          <h2 className={classes.group}>{name}</h2>
          {operations.map((operation) => (
            <OperationCard key={operation.id} operation={operation} />
          ))}
        </section>
      ))}
    </>
  )
}
