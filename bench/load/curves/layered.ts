import type { InForce } from '../../../src/adjudication/in-force.ts'
import { assert } from '../../../src/assert.ts'
import { compilePack } from '../../../src/rules/compile/compile-pack.ts'
import type { CompiledPack } from '../../../src/rules/compiled.ts'
import { readPacks } from '../../../src/rules/read/read-packs.ts'
import { carryCounters, cityBills, type SettleCase } from '../../micro/settle/city-bills.ts'
import type { CityCatalog } from '../../micro/settle/city-catalog.ts'
import type { CityRules } from '../../micro/settle/city-rules.ts'
import { day, valueOf } from '../../micro/settle/setup.ts'

const SEED = 17

/** The city's basic layer, and above it products that are all alike, so that each layer costs as much as the one before. */
export function layeredRules({ sevenLayers }: CityRules, layers: number): InForce {
  const [basic] = sevenLayers.packs
  assert(basic !== undefined, 'a basic layer')
  const { profile, catalog } = sevenLayers
  const products = Array.from({ length: layers - 1 }, (_, index) => productPack(index + 1))
  return { profile, packs: [basic, ...products], ...(catalog !== undefined && { catalog }) }
}

/** Bills of persons who hold a policy of each product. */
export function layeredCases(
  city: CityCatalog,
  inForce: InForce,
  {
    bills,
    layers,
    lines,
  }: { readonly bills: number; readonly layers: number; readonly lines: number },
): SettleCase[] {
  const cases = cityBills({ bills, lines, seed: SEED }, city.items)
  const policies = Array.from({ length: layers - 1 }, (_, index) => ({
    id: `policy-${index + 1}`,
    product: productId(index + 1),
    start: day('2025-01-01'),
    end: day('2025-12-31'),
    priority: index + 1,
  }))
  const coverages = new Map(
    cases.map(({ coverage }) => [coverage, { person: coverage.person, policies }]),
  )
  const insured = cases.map(({ bill, coverage }) => {
    return { bill, coverage: coverages.get(coverage) ?? coverage }
  })
  return carryCounters(insured, inForce)
}

function productId(number: number): string {
  return `bench/product-${number}`
}

function productPack(number: number): CompiledPack {
  const text = JSON.stringify({
    pack: productId(number),
    kind: 'commercial',
    payer: { id: `bench-insurer-${number}` },
    effective: { from: '2025-01-01' },
    source: '基准测试用，非真实产品',
    requires: 'policy',
    benefits: [
      {
        id: 'rest',
        clause: '余额的五分之一',
        base: ['inScope', 'preSelfPay', 'ownPay'],
        deductible: { per: 'policyYear', amount: '100.00' },
        rate: '20%',
        limits: [{ on: 'payment', per: 'policyYear', amount: '1000000.00' }],
      },
    ],
  })
  const [pack] = valueOf(readPacks(text, `product-${number}.json`, () => undefined)).packs
  assert(pack !== undefined, 'a pack of its own making')
  return valueOf(compilePack(pack))
}
