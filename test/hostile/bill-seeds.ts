import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { InForce } from '../../src/adjudication/in-force.ts'
import { loadCatalogManifests } from '../../src/files/catalog-files.ts'
import { readPackFiles } from '../../src/files/pack-files.ts'
import { compilePack } from '../../src/rules/compile/compile-pack.ts'
import type { CompiledPack } from '../../src/rules/compiled.ts'
import type { Profile } from '../../src/rules/profile.ts'
import {
  child,
  itemsOf,
  plainData,
  scalarText,
  type SourceNode,
} from '../../src/rules/read/source-node.ts'
import { readSourceTree } from '../../src/rules/read/source-tree.ts'
import type { Result } from '../../src/errors/problem.ts'

/** A bill that settles, with the rules it settles under. */
export interface BillSeed {
  readonly name: string
  readonly tree: unknown
  readonly inForce: InForce
}

/** The value; a seed that is itself refused is a mistake of this test. */
export function sound<T>(result: Result<T>, what: string): T {
  if (result.ok) return result.value
  throw new Error(`${what}: ${JSON.stringify(result.problems.slice(0, 3))}`)
}

interface Rules {
  readonly packs: ReadonlyMap<string, readonly CompiledPack[]>
  readonly profiles: ReadonlyMap<string, Profile>
}

/** The first bill of every published and hand-computed case, and bills that carry the platform's answers. */
export function billSeeds(root: string): readonly BillSeed[] {
  const conformance = join(root, 'test/conformance')
  const rules = readRules(
    ['rules', 'test/conformance/packs', 'test/conformance/hand/packs'].map((folder) =>
      join(root, folder),
    ),
  )
  const files = ['bills', 'hand'].flatMap((folder) =>
    readdirSync(join(conformance, folder))
      .filter((name) => name.endsWith('.yaml'))
      .map((name) => join(conformance, folder, name)),
  )
  return [
    ...files.flatMap((file) => seedsOf(file, rules, conformance)),
    ...nationalSeeds(root, rules),
  ]
}

function readRules(folders: readonly string[]): Rules {
  const packs = new Map<string, CompiledPack[]>()
  const profiles = new Map<string, Profile>()
  for (const folder of folders) {
    const files = sound(readPackFiles(folder), folder)
    for (const profile of files.profiles) profiles.set(profile.id, profile)
    for (const pack of files.packs) {
      const compiled = sound(compilePack(pack), pack.id)
      packs.set(pack.id, [...(packs.get(pack.id) ?? []), compiled])
    }
  }
  return { packs, profiles }
}

function seedsOf(file: string, rules: Rules, folder: string): readonly BillSeed[] {
  const [tree] = sound(readSourceTree(readFileSync(file, 'utf8'), file), file)
  const steps = itemsOf(child(tree, 'steps')).map((step) => child(step, 'bill'))
  const bills = [child(tree, 'bill'), ...itemsOf(child(tree, 'bills')), ...steps]
  const inForce = rulesOf(tree, rules, folder)
  return bills
    .filter((bill) => bill !== undefined)
    .slice(0, 2)
    .map((bill) => ({ name: file, tree: plainData(bill, 'text'), inForce }))
}

function rulesOf(tree: SourceNode | undefined, rules: Rules, folder: string): InForce {
  const ids = itemsOf(child(tree, 'packs')).map((item) => scalarText(item) ?? '')
  const profile = rules.profiles.get(scalarText(child(tree, 'profile')) ?? '')
  if (profile === undefined) throw new Error('a case names its profile')
  const catalog = scalarText(child(tree, 'catalog'))
  const packs = ids.flatMap((id) => rules.packs.get(id) ?? [])
  if (catalog === undefined) return { profile, packs }
  const loaded = sound(loadCatalogManifests([join(folder, catalog)]), catalog)
  return { profile, packs, catalog: loaded.catalog }
}

/** 2207 with 2204, 2303, and 2301 as captured, below a commercial policy. */
function nationalSeeds(root: string, rules: Rules): readonly BillSeed[] {
  const profile = rules.profiles.get('conformance/plain')
  const packs = rules.packs.get('commercial/pingan-esb') ?? []
  if (profile === undefined) throw new Error('the plain profile is there')
  const policy = { id: 'POL', product: 'commercial/pingan-esb', plan: 'standard' }
  const covered = { ...policy, start: '2021-01-01', end: '2021-12-31' }
  const outpatient = {
    person: { id: '13030011303000000001', balc: 1378.15 },
    visit: { id: '300000001', kind: 'outpatient', start: '2021-11-29' },
    hospital: { id: 'H', level: 3 },
    policies: [covered],
    settlementDate: '2021-11-29 18:09:52',
    given: {
      national: {
        ...outputOf(root, '03-2207-response-hebei-outpatient'),
        lines: outputOf(root, '01-2204-response-hebei-outpatient')['result'],
      },
    },
  }
  const inpatient = inpatientBill(root, covered)
  const bills = { outpatient, inpatient }
  return Object.entries(bills).map(([name, tree]) => ({ name, tree, inForce: { profile, packs } }))
}

function inpatientBill(root: string, policy: object): object {
  const answer = messageOf(root, '06-2303-response-chongqing-inpatient')
  const { setlinfo } = outputOf(root, '06-2303-response-chongqing-inpatient')
  const stated = tree(setlinfo)
  return {
    person: { id: stated['psn_no'] },
    visit: { id: stated['mdtrt_id'], kind: 'inpatient', start: '2021-08-01', end: '2021-08-20' },
    hospital: { id: 'H', level: 3 },
    policies: [policy],
    settlementDate: '2021-08-20',
    lines: [
      {
        id: 'all',
        ownPay: stated['fulamt_ownpay_amt'],
        overLimit: stated['overlmt_selfpay'],
        preSelfPay: stated['preselfpay_amt'],
        inScope: stated['inscp_scp_amt'],
      },
    ],
    given: { national: answer },
  }
}

function messageOf(root: string, name: string): Readonly<Record<string, unknown>> {
  const path = join(root, `test/fixtures/national/${name}.json`)
  return tree(tree(JSON.parse(readFileSync(path, 'utf8')))['message'])
}

function outputOf(root: string, name: string): Readonly<Record<string, unknown>> {
  return tree(messageOf(root, name)['output'])
}

function tree(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) throw new TypeError('not an object')
  return { ...value }
}
