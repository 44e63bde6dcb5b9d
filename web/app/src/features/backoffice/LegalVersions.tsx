import type { LegalVersion } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Card, Facts } from '@/ui/Card'
import { Time } from '@/ui/Time'

/** LegalVersions says when each version came and from whom. */
export function LegalVersions({ versions }: { versions: LegalVersion[] }) {
  const { t } = useTranslation('backoffice')
  return (
    <Card title={t('backoffice:legal.versions')}>
      <Facts
        facts={versions.map((version) => ({
          name: t('backoffice:legal.version', { version: version.version }),
          value: (
            <>
              <Time at={version.published_at} />
              {' · '}
              {version.published_by || t('backoffice:legal.builtIn')}
            </>
          ),
        }))}
      />
    </Card>
  )
}
