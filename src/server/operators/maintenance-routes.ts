import { problem, type Result } from '../../errors/problem.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import { maintenanceOf, type MaintenanceJob } from './maintenance.ts'

const NAME = { type: 'string', pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$' }

const JOB = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    status: { enum: ['copying', 'verifying', 'done', 'failed'] },
    startedAt: { type: 'integer' },
    endedAt: { type: 'integer' },
    seq: { type: 'integer' },
    result: { type: 'object' },
    problems: { type: 'array', items: { type: 'object' } },
  },
  required: ['id', 'status', 'startedAt'],
}

const body = (name: string) => ({
  contentTypes: ['application/json'],
  maxBytes: 4 * 1024,
  schema: { type: 'object', properties: { [name]: NAME }, additionalProperties: false },
})

/** Copies of the ledger in use, their verification, and the end of new work. */
export const MAINTENANCE_ROUTES: readonly Route[] = [
  {
    id: 'backups.create',
    method: 'POST',
    path: '/v1/backups',
    roles: ['operator'],
    audit: 'mutation',
    summary: { zh: '在线备份账本', en: 'Backs the ledger up while it is in use' },
    body: {
      ...body('name'),
      schema: { ...body('name').schema, required: ['name'] },
    },
    answer: JOB,
    handle: async (request, services) => {
      const name = textOf(request, 'name') ?? ''
      request.subject(name)
      return Promise.resolve(begun(maintenanceOf(services).backup(name), services))
    },
  },
  {
    id: 'backups.list',
    method: 'GET',
    path: '/v1/backups',
    roles: ['operator', 'auditor'],
    audit: 'none',
    summary: { zh: '已完成的备份', en: 'Backups that are whole' },
    answer: {
      type: 'object',
      properties: { backups: { type: 'array', items: { type: 'object' } } },
      required: ['backups'],
    },
    handle: async (_request, services) => ({
      kind: 'json',
      value: { backups: await maintenanceOf(services).backups() },
    }),
  },
  {
    id: 'backups.read',
    method: 'GET',
    path: '/v1/backups/{name}',
    roles: ['operator', 'auditor'],
    audit: 'none',
    summary: { zh: '备份任务的进度', en: 'How a backup stands' },
    params: { name: NAME },
    answer: JOB,
    handle: async ({ params }, services) => {
      const { name = '' } = params
      return Promise.resolve(
        shown(maintenanceOf(services).job(`backup-${name}`), () =>
          problem('BACKUP_UNKNOWN', 'name', { name }),
        ),
      )
    },
  },
  {
    id: 'verifications.create',
    method: 'POST',
    path: '/v1/verifications',
    roles: ['operator'],
    audit: 'mutation',
    summary: {
      zh: '核验账本的副本，或一个备份；服务不中断',
      en: 'Verifies a copy of the ledger, or a backup, while the server goes on',
    },
    body: { ...body('backup'), optional: true },
    answer: JOB,
    handle: async (request, services) => {
      const backup = textOf(request, 'backup')
      if (backup !== undefined) request.subject(backup)
      return Promise.resolve(begun(maintenanceOf(services).verify(backup), services))
    },
  },
  {
    id: 'verifications.read',
    method: 'GET',
    path: '/v1/verifications/{id}',
    roles: ['operator', 'auditor'],
    audit: 'none',
    summary: { zh: '核验的进度与结果', en: 'How a verification stands, and what it found' },
    params: { id: { type: 'string', pattern: '^[0-9a-f]{16}$' } },
    answer: JOB,
    handle: async ({ params }, services) => {
      const { id = '' } = params
      return Promise.resolve(
        shown(maintenanceOf(services).job(id), () => problem('VERIFICATION_UNKNOWN', 'id', { id })),
      )
    },
  },
  {
    id: 'server.drain',
    method: 'POST',
    path: '/v1/drain',
    roles: ['operator'],
    audit: 'mutation',
    summary: {
      zh: '停止受理新业务，返回仍在处理的请求数',
      en: 'Takes no new work from now on; says how many requests are in flight',
    },
    answer: {
      type: 'object',
      properties: { draining: { const: true }, inFlight: { type: 'integer' } },
      required: ['draining', 'inFlight'],
    },
    whileStopping: true,
    handle: async (_request, { drain }) =>
      Promise.resolve({ kind: 'json', value: { draining: true, inFlight: drain() } }),
  },
]

function textOf({ json }: HttpRequest, name: string): string | undefined {
  return ((json ?? {}) as Readonly<Record<string, string>>)[name]
}

function begun(job: Result<MaintenanceJob>, { limits }: HttpServices): HttpReply {
  if (job.ok) return { kind: 'json', status: 202, value: job.value }
  const isLater = job.problems.some(({ code }) => code === 'MAINTENANCE_BUSY')
  const { retryAfterMs } = limits
  return { kind: 'refused', problems: job.problems, ...(isLater && { retryAfterMs }) }
}

function shown(
  job: MaintenanceJob | undefined,
  unknown: () => ReturnType<typeof problem>,
): HttpReply {
  return job === undefined
    ? { kind: 'refused', problems: [unknown()] }
    : { kind: 'json', value: job }
}
