import { join } from 'node:path'
import { configurationOf } from '../config/configuration.ts'
import { failure, success, type Result } from '../errors/problem.ts'
import { openService, type Service } from '../service/open-service.ts'
import type { ServiceLog } from '../service/service-log.ts'
import { showcaseBills } from './bills.ts'
import { demoKeys, type DemoKeys } from './demo-keys.ts'
import { demoRegister } from './people.ts'
import { publishRules } from './publish-rules.ts'
import { prepareBills } from './showcase.ts'
import { registerMissing } from './showcase-register.ts'

/** The bills are of 2014 and 2023: a ledger that only shows takes any day of settlement. */
const DATE_TOLERANCE_DAYS = 100_000

export interface DemoPlace {
  /** Folder of the repository. */
  readonly root: string
  /** Folder of the ledger. */
  readonly directory: string
}

export interface DemoService {
  readonly service: Service
  readonly keys: DemoKeys
}

/** A served ledger with all that the demonstration needs; what is in it already stays as it is. */
export async function openDemo(
  { root, directory }: DemoPlace,
  port: number,
  log: ServiceLog,
): Promise<Result<DemoService>> {
  const settings = new Map<string, string | number>([
    ['mode', 'development'],
    ['ledger.folder', directory],
    ['ledger.work', join(directory, 'work')],
    ['server.port', port],
    ['engine.dateToleranceDays', DATE_TOLERANCE_DAYS],
  ])
  const configuration = configurationOf(settings)
  const opened = await openService({ configuration, log, clock: Date.now })
  if (!opened.ok) return opened
  const keys = await furnish(opened.value, { root, directory })
  if (keys.ok) return success({ service: opened.value, keys: keys.value })
  await opened.value.stop()
  return failure(...keys.problems)
}

async function furnish(
  { engine }: Service,
  { root, directory }: DemoPlace,
): Promise<Result<DemoKeys>> {
  const bills = await prepareBills(showcaseBills(root), engine)
  if (!bills.ok) return bills
  const packs = ['nanchang', 'commercial/group-supplement', 'commercial/daily-allowance'].map(
    (name) => join(root, 'rules', name),
  )
  const rules = await publishRules(engine, { packs, catalogs: [] })
  if (!rules.ok) return rules
  const registered = await registerMissing(engine, demoRegister())
  return registered.ok ? demoKeys(engine, directory) : registered
}
