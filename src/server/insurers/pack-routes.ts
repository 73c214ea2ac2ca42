import { problem, success, failure, type Result } from '../../errors/problem.ts'
import type { PackCommandName } from '../../ledger/grant.ts'
import { closedMap } from '../../rules/schema/schema-node.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import type { Role } from '../principal.ts'
import { authorizeCommand } from './authorize-command.ts'
import { replied } from '../http/replied.ts'
import { ENVELOPE_SCHEMA, HASH, PROBLEMS, TEXT, VERSION_SCHEMA, WHOLE } from './http.ts'
import { readEnvelope, type Envelope } from './pack-command.ts'
import { versionView } from './pack-view.ts'
import { isMap } from './reading.ts'
import { runCommand } from './run-command.ts'
import { grantOf, packSeen } from './standing.ts'
import { uploadPacks } from './upload-packs.ts'

const BY: readonly Role[] = ['insurer', 'operator']
/** Of one upload: YAML of 4 MiB at most, and lists. */
const UPLOAD_BYTES = 8 * 1024 * 1024
const COMMAND_BYTES = 16 * 1024

const UPLOAD: Route = {
  id: 'packs.upload',
  method: 'POST',
  path: '/v1/packs',
  roles: BY,
  audit: 'mutation',
  summary: {
    zh: '上传政策包：授权、检查、案例与试算都通过后发布为 checked',
    en: 'uploads packs: published as checked once grant, checks, cases and trial bills all hold',
  },
  body: {
    contentTypes: ['application/json'],
    maxBytes: UPLOAD_BYTES,
    schema: closedMap(
      {
        command: ENVELOPE_SCHEMA,
        files: { type: 'object', additionalProperties: { type: 'string' }, maxProperties: 200 },
      },
      ['command', 'files'],
    ),
  },
  answer: closedMap(
    {
      packs: { type: 'array', items: closedMap({ id: TEXT, hash: HASH }, ['id', 'hash']) },
      notes: PROBLEMS,
      bills: WHOLE,
    },
    ['packs', 'notes', 'bills'],
  ),
  handle: upload,
}

async function upload(request: HttpRequest, services: HttpServices): Promise<HttpReply> {
  const { json } = request
  const texts = textsOf(json)
  const envelope = readEnvelope(isMap(json) ? json['command'] : undefined)
  if (!envelope.ok) return replied(envelope)
  if (texts === undefined) {
    return replied(failure(problem('PACK_FILES_WRONG', 'files', { why: '{ path: text }' })))
  }
  const { command, packs } = envelope.value.command
  request.subject(packs.join(' '))
  if (command !== 'upload') return replied(differs('command', command, 'upload'))
  const done = await uploadPacks(services, request.principal, {
    envelope: envelope.value,
    texts,
  })
  if (!done.ok) return replied(done)
  const { packs: published, report } = done.value
  return replied(
    success({
      packs: published.map(({ id, hash }) => ({ id, hash })),
      notes: report.notes,
      bills: report.bills,
    }),
    201,
  )
}

function textsOf(body: unknown): Readonly<Record<string, string>> | undefined {
  const files = isMap(body) ? body['files'] : undefined
  if (!isMap(files)) return undefined
  const texts = Object.entries(files).flatMap(([path, text]) =>
    typeof text === 'string' ? [[path, text] as const] : [],
  )
  // Without a prototype: a file may be called anything.
  return Object.assign(Object.create(null), Object.fromEntries(texts)) as Record<string, string>
}

interface CommandRoute {
  readonly command: PackCommandName
  readonly path: string
  readonly roles: readonly Role[]
  readonly summary: Route['summary']
}

const COMMANDS: readonly CommandRoute[] = [
  {
    command: 'shadow',
    path: 'shadow',
    roles: BY,
    summary: {
      zh: '试运行，不影响结算',
      en: 'runs a version beside those in force, without effect',
    },
  },
  {
    command: 'unshadow',
    path: 'unshadow',
    roles: BY,
    summary: { zh: '停止试运行', en: 'ends the run beside those in force' },
  },
  {
    command: 'activate',
    path: 'activate',
    roles: BY,
    summary: { zh: '自某日起启用', en: 'puts a version in force from a day on' },
  },
  {
    command: 'rollBack',
    path: 'roll-back',
    roles: BY,
    summary: {
      zh: '撤回正在生效的版本，恢复此前的版本',
      en: 'takes the version in force back: those before it are in force again',
    },
  },
  {
    command: 'suspend',
    path: 'suspend',
    roles: ['operator'],
    summary: {
      zh: '停用：会由它支付的账单被拒绝',
      en: 'holds a version back: bills that it would pay are refused',
    },
  },
  {
    command: 'resume',
    path: 'resume',
    roles: ['operator'],
    summary: { zh: '恢复被停用的版本', en: 'takes a version up again that was held back' },
  },
]

function commandRoute({ command, path, roles, summary }: CommandRoute): Route {
  return {
    id: `packs.${command}`,
    method: 'POST',
    path: `/v1/packs/{hash}/${path}`,
    roles,
    audit: 'mutation',
    summary,
    params: { hash: HASH },
    body: { contentTypes: ['application/json'], maxBytes: COMMAND_BYTES, schema: ENVELOPE_SCHEMA },
    answer: VERSION_SCHEMA,
    handle: async (request, services) => run(request, services, command),
  }
}

async function run(
  request: HttpRequest,
  services: HttpServices,
  name: PackCommandName,
): Promise<HttpReply> {
  const { principal } = request
  const hash = request.params['hash'] ?? ''
  request.subject(hash)
  const envelope = readEnvelope(request.json)
  const own = envelope.ok ? ownCommand(envelope.value, name, hash) : envelope
  if (!own.ok) return replied(own)
  const order = authorizeCommand(own.value, {
    principal,
    grant: grantOf(services, principal.id),
    mode: services.mode,
  })
  if (!order.ok) return replied(order)
  const done = await runCommand(services, order.value)
  if (!done.ok) return replied(done)
  const { jurisdiction } = own.value.command
  const seen = packSeen(services, principal, { jurisdiction, hash })
  return replied(seen.ok ? success(versionView(seen.value)) : seen)
}

/** The envelope, if it is one for the address it was sent to. */
function ownCommand(envelope: Envelope, name: PackCommandName, hash: string): Result<Envelope> {
  const { command, packs } = envelope.command
  if (command !== name) return differs('command', command, name)
  const [stated = ''] = packs
  return stated === hash ? success(envelope) : differs('packs', stated, hash)
}

function differs<T>(what: string, stated: string, found: string): Result<T> {
  return failure(problem('COMMAND_DIFFERS', what, { what, stated, found }))
}

export const PACK_COMMAND_ROUTES: readonly Route[] = [UPLOAD, ...COMMANDS.map(commandRoute)]
