import { useQuery } from '@tanstack/react-query'
import { useDetailNames } from '@/lib/company/useDetailNames'
import { informationQuery } from '@/lib/data/information'
import { useTranslation } from '@/lib/i18n/i18n'
import { useSession } from '@/lib/session/session'
import { TextLink } from '@/ui/links'
import classes from './TopUp.module.css'

/** MissingDetails names what an invoice still needs, each leading to its field of the company information. */
export function MissingDetails({ paths, onGo }: { paths: string[]; onGo: () => void }) {
  const { t } = useTranslation('frame')
  const { company } = useSession()
  const nameOf = useDetailNames(useQuery(informationQuery(company.id)).data?.requisites)
  return (
    <>
      <p>{t('frame:topUp.missing')}</p>
      <ul className={classes.missing}>
        {paths.map((path) => (
          <li key={path}>
            <TextLink
              to="/c/$company/settings/information"
              params={{ company: company.id }}
              search={{ field: path }}
              size="sm"
              onClick={onGo}
            >
              {nameOf(path)}
            </TextLink>
          </li>
        ))}
      </ul>
      <p className={classes.kept}>{t('frame:topUp.kept')}</p>
    </>
  )
}
