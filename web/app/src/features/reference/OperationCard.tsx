import { useTranslation } from '@/lib/i18n/i18n'
import type { Field, Operation } from './document'
import classes from './ReferencePage.module.css'

/** OperationCard is one operation; it opens to what goes in and what comes out. */
export function OperationCard({ operation }: { operation: Operation }) {
  const { t } = useTranslation('reference')
  const { id, method, path, summary, doc, parameters, body, answers, refusals } = operation
  return (
    <details id={id} className={classes.operation} open={window.location.hash === `#${id}`}>
      <summary className={classes.line}>
        <span className={classes.method} data-method={method}>
          {method}
        </span>
        <code className={classes.path}>{path}</code>
        <span className={classes.summary}>{summary}</span>
      </summary>
      <div className={classes.inside}>
        {doc && <p>{doc.replaceAll('`', '')}</p>}
        <Fields title={t('reference:parameters')} fields={parameters} />
        {body && <Fields title={`${t('reference:body')}: ${body.type}`} fields={body.fields} />}
        {answers.map((answer) => (
          <Fields
            key={answer.status}
            title={`${t('reference:answer')} ${answer.status}${answer.type && `: ${answer.type}`}`}
            fields={answer.fields}
            always
          />
        ))}
        {refusals.length > 0 && (
          <p className={classes.soft}>
            {t('reference:refusals', { statuses: refusals.join(', ') })}
          </p>
        )}
      </div>
    </details>
  )
}

interface Props {
  title: string
  fields: Field[]
  /** Shown even without any fields. */
  always?: boolean
}

function Fields({ title, fields, always }: Props) {
  const { t } = useTranslation('reference')
  if (fields.length === 0 && !always) return null
  return (
    <>
      <h3 className={classes.part}>{title}</h3>
      {fields.length > 0 && (
        <div className={classes.scroll}>
          <table className={classes.fields} aria-label={title}>
            <thead>
              <tr>
                <th scope="col">{t('reference:name')}</th>
                <th scope="col">{t('reference:type')}</th>
                <th scope="col">{t('reference:meaning')}</th>
              </tr>
            </thead>
            <tbody>
              <Rows fields={fields} prefix="" />
            </tbody>
          </table>
        </div>
      )}
    </>
  )
}

/** Rows writes members of members as paths: last.author. */
function Rows({ fields, prefix }: { fields: Field[]; prefix: string }) {
  const { t } = useTranslation('reference')
  return fields.map((field) => {
    const name = prefix + field.name
    const { type, required, place, bounds, doc } = field
    return [
      <tr key={name}>
        <td>
          <code>{name}</code>
          {required && <span className={classes.soft}> {t('reference:required')}</span>}
        </td>
        <td>
          {type}
          {place && <span className={classes.soft}> · {place}</span>}
        </td>
        <td>
          {doc}
          {bounds && <div className={classes.soft}>{bounds}</div>}
        </td>
      </tr>,
      <Rows key={`${name}.`} fields={field.fields} prefix={`${name}.`} />,
    ]
  })
}
