import { describe, expect, it } from 'vitest'
import { type ApiDocument, found, groupsOf } from './document'

const document: ApiDocument = {
  info: { title: 'Parley' },
  paths: {
    '/api/v1/things/{thing}': {
      put: {
        operationId: 'change-thing',
        summary: 'Change a thing',
        description: 'Needs the permission `things.change`.',
        tags: ['Things'],
        parameters: [
          {
            name: 'thing',
            in: 'path',
            required: true,
            description: 'Its number',
            schema: { type: 'integer', format: 'int64', minimum: 1 },
          },
        ],
        requestBody: {
          content: { 'application/json': { schema: { $ref: '#/components/schemas/Thing' } } },
        },
        responses: {
          '200': {
            description: 'OK',
            content: {
              'application/json': {
                schema: { type: 'array', items: { $ref: '#/components/schemas/Thing' } },
              },
            },
          },
          '404': { description: 'Not Found' },
        },
      },
      get: {
        operationId: 'read-thing',
        tags: ['Things'],
        responses: { '204': { description: 'No Content' } },
      },
    },
    '/api/v1/me': { get: { operationId: 'me', summary: 'Who am I', tags: ['Sign-in'] } },
  },
  components: {
    schemas: {
      Thing: {
        type: 'object',
        required: ['name'],
        properties: {
          name: { type: 'string', minLength: 1, maxLength: 9 },
          kind: { type: ['string', 'null'], enum: ['a', 'b'] },
          parts: {
            type: 'array',
            items: { $ref: '#/components/schemas/Thing' },
            description: 'What it consists of',
          },
        },
      },
    },
  },
}

describe('the API reference', () => {
  const groups = groupsOf(document)
  const change = groups[0]?.operations[1]

  it('groups operations by subject', () => {
    expect(groups.map((g) => [g.name, g.operations.map((o) => `${o.method} ${o.id}`)])).toEqual([
      ['Things', ['GET read-thing', 'PUT change-thing']],
      ['Sign-in', ['GET me']],
    ])
  })

  it('tells parameters, members and bounds', () => {
    expect(change?.parameters).toEqual([
      {
        name: 'thing',
        type: 'integer (int64)',
        required: true,
        bounds: '≥ 1',
        doc: 'Its number',
        place: 'path',
        fields: [],
      },
    ])
    expect(
      change?.body?.fields.map(({ name, type, required, bounds }) => [
        name,
        type,
        required,
        bounds,
      ]),
    ).toEqual([
      ['name', 'string', true, 'length 1 … 9'],
      ['kind', 'string | null', false, 'a, b'],
      ['parts', 'object[]', false, ''],
    ])
  })

  it('ends where a thing consists of things', () => {
    let depth = 0
    for (
      let at = change?.body?.fields;
      at && at.length > 0;
      at = at.find((f) => f.name === 'parts')?.fields
    )
      depth++
    expect(depth).toBe(4)
  })

  it('tells answers from refusals', () => {
    expect(change?.answers.map((a) => [a.status, a.type])).toEqual([['200', 'object[]']])
    expect(change?.refusals).toEqual(['404'])
  })

  it('finds by every word', () => {
    expect(found(groups, 'PUT things').flatMap((g) => g.operations.map((o) => o.id))).toEqual([
      'change-thing',
    ])
    expect(found(groups, 'nothing')).toEqual([])
    expect(found(groups, ' ')).toBe(groups)
  })
})
