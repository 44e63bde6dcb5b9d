/** The parts of an OpenAPI 3.1 document that our server writes. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  format?: string
  description?: string
  enum?: (string | number)[]
  items?: Schema
  properties?: Record<string, Schema>
  additionalProperties?: boolean | Schema
  required?: string[]
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  pattern?: string
  default?: unknown
}

interface Content {
  content?: Record<string, { schema?: Schema }>
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  description?: string
  schema?: Schema
}

interface RawOperation {
  operationId: string
  summary?: string
  description?: string
  tags?: string[]
  parameters?: Parameter[]
  requestBody?: Content
  responses?: Record<string, Content & { description?: string }>
}

export interface ApiDocument {
  info: { title: string; description?: string }
  paths: Record<string, Record<string, RawOperation>>
  components?: { schemas?: Record<string, Schema> }
}

/** Field is one line of a table: a parameter, or a member of a body. */
export interface Field {
  name: string
  type: string
  required: boolean
  /** What else holds, such as "1 … 100" or the allowed words. */
  bounds: string
  doc: string
  /** Where a parameter stands: path, query or header. */
  place?: string
  fields: Field[]
}

export interface Answer {
  status: string
  doc: string
  type: string
  fields: Field[]
}

export interface Operation {
  id: string
  method: string
  path: string
  summary: string
  doc: string
  parameters: Field[]
  body?: { type: string; fields: Field[] }
  answers: Answer[]
  /** The statuses of refusals, which all carry the same document. */
  refusals: string[]
}

export interface Group {
  name: string
  operations: Operation[]
}

const methods = ['get', 'post', 'put', 'patch', 'delete']
/** Deeper nesting is read in the document itself. */
const deepest = 4

/** groupsOf sorts the operations of a document by subject, as the server lists them. */
export function groupsOf(document: ApiDocument): Group[] {
  const groups = new Map<string, Operation[]>()
  for (const [path, item] of Object.entries(document.paths)) {
    for (const method of methods) {
      const raw = item[method]
      if (!raw) continue
      const name = raw.tags?.[0] ?? ''
      groups.set(name, [...(groups.get(name) ?? []), operationOf(document, path, method, raw)])
    }
  }
  return [...groups].map(([name, operations]) => ({ name, operations }))
}

/** found keeps the operations that have every word of a search. */
export function found(groups: Group[], search: string): Group[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean)
  if (words.length === 0) return groups
  return groups.flatMap(({ name, operations }) => {
    const kept = operations.filter(({ method, path, summary, id }) => {
      const text = `${name} ${method} ${path} ${summary} ${id}`.toLowerCase()
      return words.every((word) => text.includes(word))
    })
    return kept.length > 0 ? [{ name, operations: kept }] : []
  })
}

function operationOf(
  document: ApiDocument,
  path: string,
  method: string,
  raw: RawOperation,
): Operation {
  const body = schemaOf(raw.requestBody)
  const answers = Object.entries(raw.responses ?? {})
  return {
    id: raw.operationId,
    method: method.toUpperCase(),
    path,
    summary: raw.summary ?? '',
    doc: raw.description ?? '',
    parameters: (raw.parameters ?? []).map((parameter) => ({
      ...fieldOf(document, parameter.name, parameter.schema ?? {}, parameter.required === true, 1),
      doc: parameter.description ?? parameter.schema?.description ?? '',
      place: parameter.in,
    })),
    body: body && { type: typeOf(document, body), fields: fieldsOf(document, body, 0) },
    answers: answers
      .filter(([status]) => status < '4')
      .map(([status, answer]) => {
        const schema = schemaOf(answer)
        return {
          status,
          doc: answer.description ?? '',
          type: schema ? typeOf(document, schema) : '',
          fields: schema ? fieldsOf(document, schema, 0) : [],
        }
      }),
    refusals: answers.map(([status]) => status).filter((status) => status >= '4'),
  }
}

function schemaOf(part?: Content): Schema | undefined {
  return Object.values(part?.content ?? {})[0]?.schema
}

function resolved(document: ApiDocument, schema: Schema): Schema {
  if (!schema.$ref) return schema
  const name = schema.$ref.slice(schema.$ref.lastIndexOf('/') + 1)
  const target = document.components?.schemas?.[name] ?? {}
  return { ...target, description: schema.description ?? target.description }
}

function fieldsOf(document: ApiDocument, schema: Schema, depth: number): Field[] {
  const whole = resolved(document, schema)
  if (whole.items) return fieldsOf(document, whole.items, depth)
  if (depth >= deepest) return []
  return Object.entries(whole.properties ?? {}).map(([name, inner]) =>
    fieldOf(document, name, inner, whole.required?.includes(name) === true, depth + 1),
  )
}

function fieldOf(
  document: ApiDocument,
  name: string,
  schema: Schema,
  required: boolean,
  depth: number,
): Field {
  const whole = resolved(document, schema)
  return {
    name,
    type: typeOf(document, schema),
    required,
    bounds: boundsOf(whole),
    doc: whole.description ?? '',
    fields: fieldsOf(document, whole, depth),
  }
}

function typeOf(document: ApiDocument, schema: Schema): string {
  const whole = resolved(document, schema)
  const types = [whole.type ?? 'any'].flat()
  return types
    .map((type) => {
      if (type === 'array') return `${typeOf(document, whole.items ?? {})}[]`
      return whole.format && type !== 'null' ? `${type} (${whole.format})` : type
    })
    .join(' | ')
}

function boundsOf(schema: Schema): string {
  const parts: string[] = []
  if (schema.enum) parts.push(schema.enum.join(', '))
  parts.push(range(schema.minimum, schema.maximum, ''))
  parts.push(range(schema.minLength, schema.maxLength, 'length '))
  if (schema.pattern) parts.push(schema.pattern)
  if (schema.default !== undefined) parts.push(`= ${JSON.stringify(schema.default)}`)
  return parts.filter(Boolean).join('; ')
}

function range(least: number | undefined, most: number | undefined, what: string): string {
  if (least === undefined && most === undefined) return ''
  if (least === undefined) return `${what}≤ ${most}`
  return most === undefined ? `${what}≥ ${least}` : `${what}${least} … ${most}`
}
