import { Select, TextInput } from '@mantine/core'
import type { ContactColumn, ContactPreview } from '@/lib/api/types'
import { useTranslation } from '@/lib/i18n/i18n'
import classes from '../contact.module.css'

const kinds = ['phone', 'email', 'name', 'client_id', 'variable', 'skip'] as const

interface Props {
  preview: ContactPreview
  mapping: ContactColumn[]
  /** What the server says about columns, by "mapping.3". */
  wrong: Record<string, string>
  onChange: (index: number, next: ContactColumn) => void
}

/** Sample is the first rows of a file below what each column is. */
export function Sample({ preview, mapping, wrong, onChange }: Props) {
  const { t } = useTranslation('contact')
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys
    <section className={classes.sample} aria-label={t('contact:import.sample')} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {mapping.map((column, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place in the file
              <th key={index} scope="col">
                <Choice
                  column={column}
                  title={preview.names[index] || t('contact:import.column', { number: index + 1 })}
                  error={wrong[`mapping.${index}`]}
                  onChange={(next) => onChange(index, next)}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {preview.rows.map((row, line) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place in the file
            <tr key={line}>
              {mapping.map((column, index) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={index} data-left-out={column.to === 'skip'}>
                  {row[index] ?? ''}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

interface ChoiceProps {
  column: ContactColumn
  title: string
  error: string | undefined
  onChange: (next: ContactColumn) => void
}

function Choice({ column, title, error, onChange }: ChoiceProps) {
  const { t } = useTranslation('contact')
  return (
    <>
      <span className={classes.columnTitle}>{title}</span>
      <Select
        size="xs"
        aria-label={t('contact:import.columnIs', { name: title })}
        allowDeselect={false}
        data={kinds.map((value) => ({ value, label: t(`contact:kind.${value}`) }))}
        value={column.to}
        error={column.to === 'variable' ? undefined : error}
        onChange={(value) =>
          value &&
          onChange({ to: value as ContactColumn['to'], name: value === 'variable' ? title : '' })
        }
      />
      {column.to === 'variable' && (
        <TextInput
          size="xs"
          mt={4}
          aria-label={t('contact:import.variableName', { name: title })}
          value={column.name}
          maxLength={60}
          error={error}
          onChange={(event) => onChange({ to: 'variable', name: event.currentTarget.value })}
        />
      )}
    </>
  )
}
