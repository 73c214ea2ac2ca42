import { join } from 'node:path'
import type { InForce } from '../../../src/adjudication/in-force.ts'
import { assert } from '../../../src/assert.ts'
import type { Catalog } from '../../../src/catalog/catalog.ts'
import { readPackFiles } from '../../../src/files/pack-files.ts'
import { compilePack } from '../../../src/rules/compile/compile-pack.ts'
import type { CompiledPack } from '../../../src/rules/compiled.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { valueOf } from './setup.ts'

export interface CityRules {
  /** Five public and two commercial layers. */
  readonly sevenLayers: InForce
  /** The basic layer that the peers compute too. */
  readonly sameWork: InForce
}

/** Reads and compiles the packs in `folder`. */
export function cityRules(folder: string, catalog: Catalog): CityRules {
  const city = valueOf(readPackFiles(join(folder, 'city.yaml')))
  const commercial = valueOf(readPackFiles(join(folder, 'commercial.yaml')))
  const sameWork = valueOf(readPackFiles(join(folder, 'same-work.yaml')))
  const profile = city.profiles[0]
  assert(profile !== undefined, 'the city has a profile')
  const compiled = [...city.packs, ...commercial.packs].map((pack) => valueOf(compilePack(pack)))
  assert(compiled.length === 7, 'seven layers')
  return {
    sevenLayers: { profile, packs: compiled, catalog },
    sameWork: { profile, packs: sameWork.packs.map((pack) => valueOf(compilePack(pack))), catalog },
  }
}

/** Rows a decision table may have. */
export const TABLE_ROWS = 20_000

/** One pack with a decision table of `rows` diagnoses, as far as it may have them, and a list of `rows` item codes. */
export function widePack(rows: number): CompiledPack {
  const numbers = Array.from({ length: rows }, (_, index) => index)
  const table = Object.fromEntries(
    numbers.slice(0, TABLE_ROWS).map((index) => [`D${index}`, `${40 + (index % 50)}%`]),
  )
  const text = JSON.stringify({
    pack: 'bench/wide',
    kind: 'basic',
    title: '长表政策包',
    payer: { id: 'bench-wide', name: '长表基金' },
    effective: { from: '2025-01-01' },
    source: '基准测试用，非真实政策',
    parameters: { rate: { by: ['visit.diagnosis'], rows: table, otherwise: '30%' } },
    lists: { covered: { items: numbers.map((index) => `K${index}`) } },
    benefits: [
      {
        id: 'inpatient',
        clause: '清单内项目按病种比例支付',
        lines: 'inList(line.code, "covered")',
        base: ['inScope'],
        deductible: { per: 'visit', amount: '500.00' },
        rate: '$rate',
      },
    ],
  })
  const pack = valueOf(readPacks(text, `wide-${rows}.json`, () => undefined)).packs[0]
  assert(pack !== undefined, 'a pack of its own making')
  return valueOf(compilePack(pack))
}
