import type { LineError } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import { Note } from '@/ui/Note'
import classes from './PriceListPage.module.css'

/** Wrong lists the lines of a file that could not be read; nothing was taken from it. */
export function Wrong({ lines }: { lines: LineError[] }) {
  const { t } = useTranslation('pricing')
  return (
    <Note meaning="bad">
      {t('pricing:fileWrong')}
      <ul className={classes.wrong}>
        {lines.slice(0, 20).map(({ line, column, code }) => (
          <li key={`${line} ${column}`}>
            {t('pricing:line', { line })} {column && <code>{column}</code>}{' '}
            {t(code === 'taken' ? 'pricing:lineTaken' : 'pricing:lineWrong')}
          </li>
        ))}
      </ul>
    </Note>
  )
}
