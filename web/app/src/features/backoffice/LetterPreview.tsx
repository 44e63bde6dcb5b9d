import { useQuery } from '@tanstack/react-query'
import { problemOf } from '@/lib/api/error'
import { useTranslation } from '@/lib/i18n/i18n'
import { ErrorState } from '@/ui/ErrorState'
import { RowSkeletons } from '@/ui/Skeletons'
import classes from './legal.module.css'

interface Props {
  kind: string
  language: 'ru' | 'en'
  format: 'html' | 'text'
}

/** LetterPreview shows a letter in a frame that may do nothing, or its text. */
export function LetterPreview({ kind, language, format }: Props) {
  const { t } = useTranslation('backoffice')
  const address = `/api/v1/back-office/letters/${kind}?language=${language}&format=${format}`
  const { data, error, refetch } = useQuery({
    queryKey: ['back-office', 'letters', kind, language, format],
    queryFn: async () => {
      const answer = await fetch(address)
      if (!answer.ok) throw problemOf(await answer.json().catch(() => null), answer)
      return answer.text()
    },
    enabled: format === 'text',
  })
  if (format === 'html')
    return (
      <iframe
        key={address}
        title={t('backoffice:letters.preview')}
        sandbox=""
        src={address}
        className={classes.frame}
      />
    )
  if (error) return <ErrorState error={error} onRetry={() => void refetch()} />
  if (data === undefined) return <RowSkeletons rows={4} />
  return <pre className={classes.plain}>{data}</pre>
}
