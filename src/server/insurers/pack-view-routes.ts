import { success, type Result } from '../../errors/problem.ts'
import { closedMap } from '../../rules/schema/schema-node.ts'
import type { CheckReport } from '../../workers/pack-check.ts'
import type { HttpReply, HttpRequest, HttpServices, Route } from '../http/route.ts'
import { replied } from '../http/replied.ts'
import { BILINGUAL, HASH, PROBLEMS, queryNeeded, TEXT, VERSION_SCHEMA, WHOLE } from './http.ts'
import { historyId, readHistory } from './pack-history.ts'
import { PACK_CHECKS, trialOf } from './pack-trial.ts'
import { diffView, shadowView, versionView } from './pack-view.ts'
import { packSeen, packsSeen, type SeenPack } from './standing.ts'

type View = (
  seen: SeenPack,
  request: HttpRequest,
  services: HttpServices,
) => Promise<Result<unknown>> | Result<unknown>

const CASES = {
  type: 'array',
  items: closedMap({ pack: TEXT, name: TEXT, problems: PROBLEMS }, ['pack', 'name', 'problems']),
}
const LIST = (items: object) => ({ type: 'array', items })

const ALL: Route = {
  id: 'packs.list',
  method: 'GET',
  path: '/v1/packs',
  roles: ['insurer', 'operator', 'auditor'],
  audit: 'none',
  summary: {
    zh: '列出统筹区的政策包版本；保险公司只见自己的',
    en: 'lists the versions of packs of a jurisdiction; an insurer sees its own',
  },
  query: { jurisdiction: TEXT },
  answer: closedMap({ packs: LIST(VERSION_SCHEMA) }, ['packs']),
  handle: async (request, services) => {
    const jurisdiction = queryNeeded(request, 'jurisdiction')
    const seen = jurisdiction.ok
      ? packsSeen(services, request.principal, jurisdiction.value)
      : jurisdiction
    return Promise.resolve(
      replied(seen.ok ? success({ packs: seen.value.map(versionView) }) : seen),
    )
  },
}

interface ViewRoute {
  readonly name: string
  readonly path: string
  readonly summary: Route['summary']
  readonly answer: Route['answer']
  /** Default: none. */
  readonly audit?: Route['audit']
  readonly view: View
}

const VIEWS: readonly ViewRoute[] = [
  {
    name: 'check',
    path: 'check',
    summary: {
      zh: '检查报告：文本、案例与试算',
      en: 'the check report: text, cases and trial bills',
    },
    answer: closedMap({ errors: PROBLEMS, notes: PROBLEMS, cases: CASES, bills: WHOLE }, [
      'errors',
      'notes',
      'cases',
      'bills',
    ]),
    view: async (seen, request, services) => trial(seen, { request, services, search: true }),
  },
  {
    name: 'cases',
    path: 'cases',
    summary: { zh: '政策包自带案例的结果', en: 'what comes of its own cases' },
    answer: closedMap({ cases: CASES }, ['cases']),
    view: async (seen, request, services) => {
      const report = await trial(seen, { request, services, search: false })
      return report.ok ? success({ cases: report.value.cases }) : report
    },
  },
  {
    name: 'diff',
    path: 'diff',
    summary: {
      zh: '与正在生效版本的差别，以文字说明',
      en: 'what it changes of the version in force, in plain words',
    },
    answer: closedMap(
      {
        active: HASH,
        changes: LIST(
          closedMap(
            { path: TEXT, before: { type: 'string' }, after: { type: 'string' }, words: BILINGUAL },
            ['path', 'words'],
          ),
        ),
        left: WHOLE,
      },
      ['changes', 'left'],
    ),
    view: (seen, request, services) => {
      const all = packsSeen(services, request.principal, seen.jurisdiction)
      if (!all.ok) return all
      return success(diffView(activeBeside(seen, all.value), seen))
    },
  },
  {
    name: 'shadowReport',
    path: 'shadow-report',
    // Operators and auditors see whose bills change.
    audit: 'personal',
    summary: {
      zh: '试运行报告：多少账单改变、改变多少',
      en: 'the shadow report: how many bills change, and by how much',
    },
    answer: {
      type: 'object',
      properties: { pack: HASH, seen: WHOLE, behind: WHOLE },
      required: ['pack', 'seen', 'behind', 'settlements', 'largest'],
    },
    view: ({ jurisdiction, pack }, { principal }, { engine }) => {
      const report = engine.shadowReport(jurisdiction, pack.hash)
      if (!report.ok) return report
      const own = principal.role === 'insurer' ? pack.payer.id : undefined
      return success(shadowView(report.value, own))
    },
  },
  {
    name: 'history',
    path: 'history',
    summary: { zh: '该政策包的命令历史', en: 'what was done with the pack' },
    answer: closedMap(
      { pack: TEXT, versions: LIST(VERSION_SCHEMA), events: LIST({ type: 'object' }) },
      ['pack', 'versions', 'events'],
    ),
    view: ({ jurisdiction, pack: { id } }, { principal }, services) => {
      const all = packsSeen(services, principal, jurisdiction)
      if (!all.ok) return all
      const entry = services.engine.registered('packHistory', historyId(jurisdiction, id))
      const versions = all.value.filter(({ pack }) => pack.id === id).map(versionView)
      return success({ pack: id, versions, events: readHistory(entry) })
    },
  },
]

async function trial(
  { jurisdiction, pack }: SeenPack,
  {
    request,
    services,
    search,
  }: {
    readonly request: HttpRequest
    readonly services: HttpServices
    readonly search: boolean
  },
): Promise<Result<CheckReport>> {
  const made = trialOf(services, request.principal, { jurisdiction, packs: [pack], search })
  // Its rules are there: the pack was found among them.
  return made === undefined ? { ok: false, problems: [] } : PACK_CHECKS.try(made)
}

/** The version of the same pack whose days begin last. */
function activeBeside({ pack, version }: SeenPack, all: readonly SeenPack[]): SeenPack | undefined {
  const active = all.filter(
    (one) =>
      one.pack.id === pack.id &&
      one.version.state === 'active' &&
      one.version.hash !== version.hash,
  )
  return active.toSorted((left, right) => firstDay(right) - firstDay(left))[0]
}

function firstDay({ version, pack }: SeenPack): number {
  return version.from ?? pack.effective.from
}

function viewRoute({ name, path, summary, answer, audit = 'none', view }: ViewRoute): Route {
  return {
    id: `packs.${name}`,
    method: 'GET',
    path: `/v1/packs/{hash}/${path}`,
    roles: ['insurer', 'operator', 'auditor'],
    audit,
    summary,
    params: { hash: HASH },
    query: { jurisdiction: TEXT },
    answer,
    handle: async (request, services): Promise<HttpReply> => {
      const hash = request.params['hash'] ?? ''
      request.subject(hash)
      const jurisdiction = queryNeeded(request, 'jurisdiction')
      if (!jurisdiction.ok) return replied(jurisdiction)
      const at = { jurisdiction: jurisdiction.value, hash }
      const seen = packSeen(services, request.principal, at)
      return replied(seen.ok ? await view(seen.value, request, services) : seen)
    },
  }
}

export const PACK_VIEW_ROUTES: readonly Route[] = [ALL, ...VIEWS.map(viewRoute)]
