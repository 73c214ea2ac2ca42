import fc from 'fast-check'
import type { Bill } from '../../src/adjudication/bill.ts'
import { fen } from '../../src/money/fen.ts'
import { PACK_KINDS, type PackKind } from '../../src/rules/kind.ts'
import type { RulePack } from '../../src/rules/pack.ts'
import type { LayerRank, Profile } from '../../src/rules/profile.ts'
import { cel } from './build.ts'
import { Choices } from './choices.ts'
import { someHistory, type History } from './generators.ts'
import { unusualBenefit } from './unusual-benefits.ts'

/**
 * Histories under rules that the schema allows and no policy has: everything meets at one amount, one counter serves all parts,
 * ranks of several kinds share. They are ordinary histories changed afterwards, so that what those contain stays as it is.
 */
export const unusualHistories: fc.Arbitrary<History> = fc
  .tuple(numbers(1_200), numbers(500))
  .map(([usual, unusual]) => unusualHistory(new Choices(unusual), someHistory(new Choices(usual))))

function numbers(count: number): fc.Arbitrary<number[]> {
  return fc.array(fc.integer({ min: 0, max: 0x3fff_ffff }), {
    minLength: count,
    maxLength: count,
    size: 'max',
  })
}

function unusualHistory(choices: Choices, usual: History): History {
  const bareLine = usual.packs.some(({ packages }) => packages.length > 0)
  return {
    ...usual,
    profile: unusualProfile(choices, usual.profile),
    packs: usual.packs.map((pack) => unusualPack(choices, pack, usual.bills[0], bareLine)),
    coverage: unusualCoverage(choices, usual.coverage),
    bills: usual.bills.map((bill) => unusualBill(choices, bill)),
  }
}

function unusualProfile(choices: Choices, profile: Profile): Profile {
  if (!choices.chance(40)) return profile
  const equal = (...kinds: readonly PackKind[]): LayerRank => ({ kinds, sharing: 'equal' })
  const order: readonly LayerRank[] = choices.of(
    [equal(...PACK_KINDS)],
    [equal('basic', 'commercial')],
    [{ kinds: ['commercial'], sharing: 'listed' }, equal('major-illness', 'basic', 'charity')],
    [
      { kinds: ['commercial'], products: ['commercial/3'], sharing: 'equal' },
      equal('commercial', 'medical-aid'),
    ],
  )
  const whole = order.flatMap(({ kinds, products }) => (products === undefined ? kinds : []))
  const rest = PACK_KINDS.filter((kind) => !whole.includes(kind))
  return {
    ...profile,
    order: [...order, ...rest.map((kind) => ({ kinds: [kind], sharing: 'listed' as const }))],
  }
}

function unusualPack(
  choices: Choices,
  pack: RulePack,
  bill: Bill | undefined,
  bareLine: boolean,
): RulePack {
  const amounts = bill?.lines.map(({ amount }) => Math.abs(amount)) ?? []
  const meeting = Math.max(1, choices.of(Math.max(1, ...amounts), amounts[0] ?? 1))
  const benefits = pack.benefits.map((one) =>
    unusualBenefit(choices, one, { pack, bareLine, meeting }),
  )
  const twins = choices.chance(15) ? benefits.map((one) => ({ ...one, id: `${one.id}-twin` })) : []
  const all = [...benefits, ...twins]
  const competing = choices.chance(12)
  return {
    ...pack,
    benefits: all.map((one) =>
      competing && one.fixed === undefined ? { ...one, bestOf: choices.of('a', 'b') } : one,
    ),
    packages: pack.packages.flatMap((one) => [
      { ...one, when: choices.of(one.when, cel('person.retired')) },
      {
        ...one,
        id: 'second',
        standard: choices.of(one.standard, { type: 'literal', num: 0, den: 1 }),
      },
    ]),
  }
}

/** Policies of one rank and priority, up to three of one product. */
function unusualCoverage(choices: Choices, coverage: History['coverage']): History['coverage'] {
  if (!choices.chance(25)) return coverage
  const [first] = coverage.policies
  const third = first === undefined ? [] : [{ ...first, id: 'POL9' }]
  const priority = choices.of<Readonly<Record<string, number>>>({ priority: 1 }, { priority: 0 })
  return {
    ...coverage,
    policies: [...coverage.policies, ...third].map((policy) => ({ ...policy, ...priority })),
  }
}

/** Lines of no quantity, of no amount, of nothing but what is not covered; an account with nothing in it. */
function unusualBill(choices: Choices, bill: Bill): Bill {
  const refunded = new Set(bill.lines.flatMap(({ refundOf }) => refundOf ?? []))
  const none = { ownPay: fen(0), overLimit: fen(0), preSelfPay: fen(0), inScope: fen(0) }
  const lines = bill.lines.map((line) => {
    if (refunded.has(line.id) || line.refundOf !== undefined || line.cells !== undefined)
      return line
    const change = choices.below(12)
    if (change === 1) return { ...line, quantity: 0 }
    if (change === 2 && bill.given === undefined) {
      const facts = { ...line.facts, amount: fen(0) }
      return { ...line, amount: fen(0), classification: none, facts }
    }
    if (change === 3 && bill.given === undefined) {
      return { ...line, classification: { ...none, ownPay: line.amount } }
    }
    return line
  })
  const empty = { current: fen(0), history: fen(0), family: fen(0) }
  return {
    ...bill,
    lines,
    ...(choices.chance(15) && { account: choices.of<Bill['account'] & object>(empty, {}) }),
    ...(choices.chance(10) && { without: ['POL1', 'POL2'] }),
  }
}
