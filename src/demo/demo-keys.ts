import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Engine } from '../engine/open-engine.ts'
import { failure, problem, success, type Result } from '../errors/problem.ts'
import type { CredentialEntry } from '../ledger/credential.ts'
import type { GrantEntry } from '../ledger/grant.ts'
import { isObject } from '../protocol/section.ts'
import { newSecret } from '../server/secret-authenticator.ts'
import { DEMO_HOSPITAL, DEMO_JURISDICTION } from './people.ts'

/** Readable by its owner alone. */
const OWNER_ONLY = 0o600

const PRINCIPALS: readonly Omit<CredentialEntry, 'secrets'>[] = [
  { id: 'till-linfen', role: 'terminal', hospital: 'H-LINFEN', name: '临汾演示医院收费处' },
  { id: 'till-chongqing', role: 'terminal', hospital: 'H-CQ', name: '重庆演示医院收费处' },
  { id: 'till-demo', role: 'terminal', hospital: DEMO_HOSPITAL, name: '演示医院收费处' },
  { id: 'operator-1', role: 'operator', name: '演示运营一' },
  { id: 'operator-2', role: 'operator', name: '演示运营二（复核）' },
  { id: 'insurer-taikang', role: 'insurer', name: '演示保险公司：泰康' },
  { id: 'insurer-yukuaibao', role: 'insurer', name: '演示保险公司：渝快保' },
  { id: 'insurer-group', role: 'insurer', name: '演示保险公司：团险' },
  { id: 'auditor-1', role: 'auditor', name: '演示审计' },
]

/** What the insurers may do, without keys to sign with: whoever tries packs makes a pair and has it granted. */
const GRANTS: readonly GrantEntry[] = [
  grant('insurer-taikang', 'taikang-life', 'shanxi-linfen'),
  grant('insurer-yukuaibao', 'yukuaibao-pool', 'chongqing'),
  grant('insurer-group', 'group-insurer', DEMO_JURISDICTION),
]

function grant(id: string, payer: string, jurisdiction: string): GrantEntry {
  return {
    id,
    payers: [payer],
    kinds: ['commercial'],
    counters: [`${payer}/`],
    jurisdictions: [jurisdiction],
    facts: ['person.age', 'visit.*', 'line.*', 'policy.*'],
    keys: [],
  }
}

/** Credentials by id, as they stand in the key file. */
export type DemoKeys = Readonly<Record<string, string>>

export function keyFileOf(directory: string): string {
  return join(directory, 'demo-keys.json')
}

/**
 * The credentials of the demonstration: made at the first start and then read from the key file. One that was revoked or changed
 * since is left as it is. Refuses `DEMO_KEYS_UNUSABLE` when the ledger has them and the file does not.
 */
export async function demoKeys(engine: Engine, directory: string): Promise<Result<DemoKeys>> {
  const file = keyFileOf(directory)
  const isKnown = PRINCIPALS.some(({ id }) => engine.registered('credential', id) !== undefined)
  return isKnown ? readKeys(file) : makeKeys(engine, file)
}

/** The file first: without the ledger's entries its secrets open nothing, and are made anew. */
async function makeKeys(engine: Engine, file: string): Promise<Result<DemoKeys>> {
  const made = PRINCIPALS.map((principal) => ({ principal, ...newSecret(principal.id) }))
  const keys = Object.fromEntries(made.map(({ principal: { id }, credential }) => [id, credential]))
  try {
    // Made anew, so that it has this mode whatever was there before.
    if (existsSync(file)) rmSync(file)
    writeFileSync(file, `${JSON.stringify(keys, null, 2)}\n`, { mode: OWNER_ONLY, flag: 'wx' })
  } catch (error) {
    return unusable(file, error)
  }
  const entries = made.map(({ principal, secretHash }) => {
    const entry: CredentialEntry = { ...principal, secrets: [{ secretHash }] }
    return { kind: 'credential' as const, id: principal.id, entry }
  })
  const grants = GRANTS.map((entry) => ({ kind: 'grant' as const, id: entry.id, entry }))
  const written = await engine.registry('demo', [...entries, ...grants])
  return written.ok ? success(keys) : written
}

function readKeys(file: string): Result<DemoKeys> {
  try {
    const tree: unknown = JSON.parse(readFileSync(file, 'utf8'))
    if (isObject(tree) && PRINCIPALS.every(({ id }) => typeof tree[id] === 'string')) {
      return success(tree as DemoKeys)
    }
    return unusable(file, new Error(PRINCIPALS.map(({ id }) => id).join(', ')))
  } catch (error) {
    return unusable(file, error)
  }
}

function unusable(file: string, error: unknown): Result<never> {
  const why = error instanceof Error ? error.message : String(error)
  return failure(problem('DEMO_KEYS_UNUSABLE', '', { file, why }))
}
