import { failure, problem, success, type Problem } from '../../errors/problem.ts'
import { StoreFailed } from '../../engine/store-failed.ts'
import { importRegistry, type Spool } from '../../registry/import-registry.ts'
import { REGISTRY_KINDS, type RegistryKind } from '../../registry/entries.ts'
import type { PackedItems } from '../../registry/packed-items.ts'
import type { SourceBatch } from '../../registry/source.ts'
import { ifCurrent } from '../http/change-access.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import { importQueue } from '../imports/import-queue.ts'
import { importRoutes } from '../imports/import-routes.ts'
import { inSlices } from '../imports/in-slices.ts'

const KIND = { enum: [...REGISTRY_KINDS] }
/** Entries of one request; for more there are imports. */
const ENTRIES_MAX = 500

const ENTRY_ROUTES: readonly Route[] = [
  {
    id: 'registry.read',
    method: 'GET',
    path: '/v1/registry/{kind}/{id}',
    roles: ['operator', 'auditor'],
    audit: 'personal',
    summary: {
      zh: '查看一项登记：人员、机构、供应商或保单持有人',
      en: 'One entry of the register: a person, a hospital, a supplier, or who holds a policy',
    },
    params: { kind: KIND, id: { type: 'string', minLength: 1, maxLength: 120 } },
    answer: { type: 'object' },
    handle: async ({ params, subject }, { engine }) => {
      const { kind = '', id = '' } = params
      subject(`${kind} ${id}`)
      const entry = engine.registered(kind as RegistryKind, id)
      return Promise.resolve(
        entry === undefined
          ? refused(problem('REGISTER_ENTRY_UNKNOWN', 'id', { kind, id }))
          : { kind: 'json', value: { kind, id, entry } },
      )
    },
  },
  {
    id: 'registry.write',
    method: 'POST',
    path: '/v1/registry/{kind}',
    roles: ['operator'],
    audit: 'mutation',
    summary: {
      zh: '登记人员、机构、供应商或保单（JSON，全部写入或全部拒绝）',
      en: 'Registers persons, hospitals, suppliers or policies (JSON, all or none)',
    },
    params: { kind: KIND },
    body: {
      contentTypes: ['application/json'],
      maxBytes: 4 * 1024 * 1024,
      schema: {
        type: 'object',
        properties: {
          entries: { type: 'array', items: { type: 'object' }, minItems: 1, maxItems: ENTRIES_MAX },
        },
        required: ['entries'],
        additionalProperties: false,
      },
    },
    answer: {
      type: 'object',
      properties: { written: { type: 'integer' }, unchanged: { type: 'integer' } },
      required: ['written', 'unchanged'],
    },
    handle: write,
  },
]

/** The register, entry by entry and file by file. */
export const REGISTRY_ROUTES: readonly Route[] = [
  ...ENTRY_ROUTES,
  ...importRoutes({
    name: 'imports',
    path: '/v1/imports',
    uploaders: ['operator'],
    readers: ['operator', 'auditor'],
    summary: {
      zh: '上传登记文件（CSV、XLSX、NDJSON）',
      en: 'Upload a file of the register (CSV, XLSX, NDJSON)',
    },
    query: { kind: KIND },
    kind: ({ query }) => query['kind'] as RegistryKind,
    rule: ({ query }) =>
      query['kind'] === undefined
        ? failure(problem('RANGE_WRONG', 'kind', { why: `kind: ${REGISTRY_KINDS.join(', ')}` }))
        : success(undefined),
  }),
]

async function write(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const kind = request.params['kind'] as RegistryKind
  const { entries } = request.json as {
    readonly entries: readonly Readonly<Record<string, unknown>>[]
  }
  const ids = entries.map(({ id, person }) => named(id ?? person))
  request.subject(`${kind} ${ids.join(' ')}`)
  // An import may run for minutes, and the credential may be gone meanwhile.
  const run = async () =>
    ifCurrent(services, request.principal, async () => written(kind, entries, services))
  // Hospitals and suppliers depend on nothing that an import may be writing.
  const isApart = kind === 'hospital' || kind === 'supplier'
  return isApart ? run() : importQueue(services).alone(run)
}

/** For the audit; nothing has been checked yet, and not every value can be made a text. */
function named(id: unknown): string {
  return typeof id === 'string' || typeof id === 'number' ? String(id) : '?'
}

async function written(
  kind: RegistryKind,
  entries: readonly unknown[],
  { engine }: HttpServices,
): Promise<HttpReply> {
  try {
    const report = await importRegistry({
      kind,
      mode: 'all',
      entries: inSlices(oneBatch(entries)),
      spool: memorySpool(),
      lookup: (of, id) => engine.registered(of, id),
      write: async (versions) => {
        const done = await engine.registry('registry.write', versions)
        const [failed] = done.ok ? [] : done.problems
        if (failed !== undefined) throw new StoreFailed(failed)
      },
    })
    const { problems, written: count, unchanged } = report
    if (problems.length > 0) return { kind: 'refused', problems }
    return { kind: 'json', value: { written: count, unchanged } }
  } catch (error) {
    if (error instanceof StoreFailed) return refused(error.problem)
    throw error
  }
}

async function* oneBatch(entries: readonly unknown[]): AsyncGenerator<SourceBatch> {
  const items = entries.map((tree, index) => ({ tree, line: index + 1, rows: 1 }))
  const locate: SourceBatch['locate'] = ({ line }, path) => ({
    line,
    field: `entries[${line - 1}]${path === '' ? '' : '.'}${path}`,
  })
  yield await Promise.resolve({ items, refused: [], locate })
}

/** For what fits into one request. */
function memorySpool(): Spool {
  const kept: PackedItems[] = []
  return {
    add: async (items) => {
      kept.push(items)
      return Promise.resolve()
    },
    async *read() {
      for (const items of kept) yield await Promise.resolve(items)
    },
  }
}

function refused(found: Problem): HttpReply {
  return { kind: 'refused', problems: [found] }
}
