import { ERROR_TRAITS } from '../../errors/codes.ts'
import { closedMap, listOf } from '../../rules/schema/schema-node.ts'
import type { JsonSchema, OtherThanJson, Route } from './route.ts'

const TEXT = { type: 'string' }

const PROBLEM = closedMap(
  {
    code: { enum: Object.keys(ERROR_TRAITS) },
    number: { type: 'integer' },
    where: TEXT,
    zh: TEXT,
    en: TEXT,
    doZh: TEXT,
    doEn: TEXT,
    details: { type: 'object' },
    retryable: { type: 'boolean' },
  },
  ['code', 'number', 'where', 'zh', 'en', 'doZh', 'doEn', 'details', 'retryable'],
)

const REFUSED = closedMap({ problems: listOf(PROBLEM), split: { type: 'object' } }, ['problems'])

const REFUSAL = {
  description: 'refused; nothing was changed',
  content: {
    'application/json': { schema: REFUSED },
  },
}

/** The OpenAPI 3.1 document of the routes. */
export function openApiOf(routes: readonly Route[], version: string): JsonSchema {
  const paths: Record<string, Record<string, JsonSchema>> = {}
  for (const route of routes) {
    const path = (paths[route.path] ??= {})
    path[route.method.toLowerCase()] = operationOf(route)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: '清分 Qingfen',
      version,
      description:
        'Insurers, operators, auditors, and quotes and settlements of terminals (docs/protocol.md).',
    },
    components: { securitySchemes: { credential: { type: 'http', scheme: 'bearer' } } },
    security: [{ credential: [] }],
    paths,
  }
}

function operationOf(route: Route): JsonSchema {
  const { id, summary, roles, body, params = {}, query = {}, headers = {} } = route
  return {
    operationId: id,
    tags: [id.split('.')[0]],
    summary: `${summary.zh} · ${summary.en}`,
    'x-roles': roles,
    parameters: [
      ...Object.entries(params).map(([name, schema]) => ({
        name,
        in: 'path',
        required: true,
        schema,
      })),
      ...Object.entries(query).map(([name, schema]) => ({ name, in: 'query', schema })),
      ...Object.entries(headers).map(([name, schema]) => ({
        name,
        in: 'header',
        required: true,
        schema,
      })),
    ],
    ...(body !== undefined && {
      requestBody: {
        required: body.optional !== true,
        content: Object.fromEntries(
          body.contentTypes.map((type) => [type, { schema: body.schema ?? {} }]),
        ),
      },
    }),
    responses: { '2XX': answerOf(route), '4XX': REFUSAL, '5XX': REFUSAL },
  }
}

function answerOf({ answer }: Route): JsonSchema {
  const content = isOtherThanJson(answer)
    ? Object.fromEntries([answer.contentType].flat().map((type) => [type, {}]))
    : { 'application/json': { schema: answer } }
  return { description: 'done', content }
}

function isOtherThanJson(answer: Route['answer']): answer is OtherThanJson {
  return Object.keys(answer).join() === 'contentType'
}
