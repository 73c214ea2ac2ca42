import { problem, type Problem, type Result } from '../../errors/problem.ts'
import type { RegistryKind } from '../../registry/entries.ts'
import { IMPORT_MODES, type ImportMode } from '../../registry/import-registry.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import type { IsAllowed } from '../access-ended.ts'
import type { Role } from '../principal.ts'
import { importQueue, type ImportAccess } from './import-queue.ts'
import {
  IMPORT_BYTES_MAX,
  IMPORT_TYPES,
  importRequest,
  KEY_SCHEMA,
  shownImport,
  type ImportFormat,
  type ImportState,
} from './import-state.ts'
import type { RosterRule } from '../../registry/check-items.ts'

export interface ImportRouteOptions {
  /** Before the name of each operation, such as `rosters`. */
  readonly name: string
  readonly path: string
  readonly uploaders: readonly Role[]
  readonly readers: readonly Role[]
  readonly summary: Route['summary']
  readonly query?: Route['query']
  readonly kind: (request: HttpRequest) => RegistryKind
  /** What its rows have to keep to; undefined: everything that is right is taken. */
  readonly rule: (request: HttpRequest, services: HttpServices) => Result<RosterRule | undefined>
  /** Tells later whether what is granted now still is; absent: nothing but the credential decides. */
  readonly granted?: (request: HttpRequest, services: HttpServices) => IsAllowed
}

const ID = { type: 'string', pattern: '^[0-9a-f]{32}$' }

/** What is shown of an import. */
export const IMPORT_SCHEMA = {
  type: 'object',
  properties: {
    id: ID,
    kind: { type: 'string' },
    mode: { enum: [...IMPORT_MODES] },
    format: { enum: Object.values(IMPORT_TYPES) },
    status: { enum: ['waiting', 'running', 'done', 'refused', 'failed', 'interrupted'] },
    progress: { type: 'object' },
    report: { type: 'object' },
    problems: { type: 'array', items: { type: 'object' } },
    hasErrors: { type: 'boolean' },
  },
  required: ['id', 'kind', 'mode', 'format', 'status', 'hasErrors'],
}

/** Upload, progress and errors of files of the register. */
export function importRoutes(options: ImportRouteOptions): readonly Route[] {
  const { name, path, uploaders, readers, summary, query = {} } = options
  return [
    {
      id: `${name}.upload`,
      method: 'POST',
      path,
      roles: uploaders,
      audit: 'mutation',
      summary,
      query: { mode: { enum: [...IMPORT_MODES] }, ...query },
      headers: { 'idempotency-key': KEY_SCHEMA },
      body: { contentTypes: Object.keys(IMPORT_TYPES), maxBytes: IMPORT_BYTES_MAX },
      answer: IMPORT_SCHEMA,
      handle: async (request, services) => upload(request, services, options),
    },
    {
      id: `${name}.read`,
      method: 'GET',
      path: `${path}/{id}`,
      roles: readers,
      audit: 'none',
      summary: {
        zh: '查询导入的进度与结果',
        en: 'Progress and outcome of an import',
      },
      params: { id: ID },
      answer: IMPORT_SCHEMA,
      handle: async (request, services) => {
        const state = await owned(request, services)
        return state === undefined ? unknown(request) : { kind: 'json', value: shownImport(state) }
      },
    },
    {
      id: `${name}.errors`,
      method: 'GET',
      path: `${path}/{id}/errors`,
      roles: readers,
      audit: 'personal',
      summary: {
        zh: '下载逐行错误（CSV，带 UTF-8 标记）',
        en: 'Row-level errors as a CSV file',
      },
      params: { id: ID },
      answer: { contentType: 'text/csv; charset=utf-8' },
      handle: async (request, services) => {
        const state = await owned(request, services)
        const { folder } = importQueue(services)
        if (state === undefined || !folder.hasErrors(state.id)) return unknown(request)
        request.subject(`import ${state.id}`)
        return {
          kind: 'stream',
          contentType: 'text/csv; charset=utf-8',
          fileName: `errors-${state.id.slice(0, 8)}.csv`,
          chunks: folder.errors(state.id),
        }
      },
    },
  ]
}

async function upload(
  request: HttpRequest,
  services: HttpServices,
  options: ImportRouteOptions,
): Promise<HttpReply> {
  const { principal, headers, body, query } = request
  const rule = options.rule(request, services)
  if (!rule.ok) return { kind: 'refused', problems: rule.problems }
  const made = importRequest(
    {
      principal: principal.id,
      kind: options.kind(request),
      mode: (query['mode'] ?? 'all') as ImportMode,
      format: formatOf(headers['content-type'] ?? ''),
    },
    headers['idempotency-key'] ?? '',
    body,
  )
  if (!made.ok) return { kind: 'refused', problems: made.problems }
  const subject = `import ${made.value.id}`
  request.subject(subject)
  const access = accessOf(request, services, { options, subject })
  const taken = await importQueue(services).submit(made.value, body, access)
  if (!taken.ok) return refusal(taken.problems, services)
  return { kind: 'json', status: 202, value: shownImport(taken.value) }
}

function accessOf(
  request: HttpRequest,
  services: HttpServices,
  { options, subject }: { readonly options: ImportRouteOptions; readonly subject: string },
): ImportAccess {
  const { principal } = request
  const { id, role } = principal
  // It is asked for much later, and must not hold the file in memory until then.
  const asked = { ...request, body: new Uint8Array() }
  const isGranted = options.granted?.(asked, services) ?? (() => true)
  const action = `${options.name}.upload`
  const outcome = 'IMPORT_ACCESS_ENDED'
  return {
    ruleNow: () => options.rule(asked, services),
    isAllowed: () => services.isCurrent(principal) && isGranted(),
    cutOff: async () => services.engine.audit([{ principal: id, role, action, subject, outcome }]),
  }
}

function refusal(problems: readonly Problem[], { limits }: HttpServices): HttpReply {
  const isLater = problems.some(({ code }) => code === 'IMPORTS_TOO_MANY')
  const { retryAfterMs } = limits
  return { kind: 'refused', problems, ...(isLater && { retryAfterMs }) }
}

/** The router lets no other type through. */
function formatOf(contentType: string): ImportFormat {
  const stated = (contentType.split(';')[0] ?? '').trim().toLowerCase()
  const known: Readonly<Record<string, ImportFormat>> = IMPORT_TYPES
  return known[stated] ?? 'csv'
}

/** The import if it is the principal's own; of operators and auditors each sees those of all operators. */
async function owned(
  { params, principal }: HttpRequest,
  services: HttpServices,
): Promise<ImportState | undefined> {
  const state = await importQueue(services).state(params['id'] ?? '')
  const seesAll = principal.role === 'operator' || principal.role === 'auditor'
  return state !== undefined && (seesAll || state.principal === principal.id) ? state : undefined
}

function unknown({ params }: HttpRequest): HttpReply {
  return {
    kind: 'refused',
    problems: [problem('IMPORT_UNKNOWN', 'id', { id: params['id'] ?? '' })],
  }
}
