import fc from 'fast-check'
import type { Bill } from '../../src/adjudication/bill.ts'
import type { Coverage } from '../../src/adjudication/coverage.ts'
import type { PackKind } from '../../src/rules/kind.ts'
import type { Benefit, DateBasis, RulePack } from '../../src/rules/pack.ts'
import { PACK_KINDS } from '../../src/rules/kind.ts'
import type { Category } from '../../src/rules/category.ts'
import type { AccountPot, Profile } from '../../src/rules/profile.ts'
import { cel, DAY_2023, pack, percent, profile } from './build.ts'
import { Choices } from './choices.ts'
import {
  asSupplement,
  someBill,
  someCoverage,
  someSize,
  type Flaw,
  type Size,
} from './generate-bill.ts'
import { someBenefit } from './generate-benefit.ts'
import { someCounter, type PackPlan } from './generate-counters.ts'
import { someFixed } from './generate-limits.ts'
import { someCondition, someMoney } from './generate-values.ts'

/** A short history: bills of one person, settled one after the other under the same rules. */
export interface History {
  readonly coverage: Coverage
  readonly profile: Profile
  readonly packs: readonly RulePack[]
  readonly bills: readonly Bill[]
  /** Put on the counters that the first bill touched, as if more had happened before the second. */
  readonly earlier: readonly number[]
}

const CHOICES = 1_200

/** Every history; shrinks towards one plain bill under one plain pack. */
export const histories: fc.Arbitrary<History> = fc
  .array(fc.integer({ min: 0, max: 0x3fff_ffff }), {
    minLength: CHOICES,
    maxLength: CHOICES,
    size: 'max',
  })
  .map((numbers) => someHistory(new Choices(numbers)))

const SCALES: Readonly<Record<Size, number>> = {
  small: 5,
  ordinary: 60_000,
  edge: 94_900_000,
  huge: 500_000_000_000,
}

interface HistoryPlan {
  readonly size: Size
  readonly byLine: boolean
  readonly equalRank: boolean
  readonly packaged: boolean
  readonly supplement: boolean
  readonly flaw: Flaw
}

export function someHistory(choices: Choices): History {
  const size = someSize(choices)
  const byLine = choices.chance(20)
  const plan: HistoryPlan = {
    size,
    byLine,
    equalRank: choices.chance(15),
    packaged: !byLine && choices.chance(12),
    supplement: !byLine && choices.chance(8),
    flaw: choices.chance(15)
      ? choices.of<Flaw>('missing fact', 'flat edges', 'incomplete given')
      : 'none',
  }
  const packs = somePacks(choices, plan)
  const products = [...new Set(packs.filter((one) => one.requiresPolicy).map((one) => one.product))]
  const given = !plan.packaged && !plan.supplement && choices.chance(25)
  const acrossYears = choices.chance(byLine ? 60 : 25)
  const bills = choices.times(choices.of(1, 2, 2, 3), (index) => {
    const bill = someBill(choices, index, {
      size,
      acrossYears,
      given,
      supplement: false,
      flaw: plan.flaw,
    })
    return plan.supplement
      ? asSupplement(
          choices,
          bill,
          packs.map((one) => one.id),
        )
      : bill
  })
  return {
    coverage: someCoverage(choices, products),
    profile: someProfile(choices, plan),
    packs,
    bills,
    earlier: choices.times(6, () => choices.of(0, choices.below(SCALES[size] * 2), 1)),
  }
}

function someProfile(choices: Choices, plan: HistoryPlan): Profile {
  const yearBy = choices.of<DateBasis>('settlement', 'admission', 'discharge')
  return profile({
    yearBy: plan.byLine ? 'line' : yearBy,
    yearStart: choices.of({ month: 1, day: 1 }, { month: 7, day: 1 }, { month: 12, day: 26 }),
    ...choices.maybe(12, 'reopenStayEveryDays', () => choices.of(7, 3, 15)),
    ...choices.maybe(15, 'given', () => someGivenOrder(choices)),
    order: PACK_KINDS.map((kind) => ({
      kinds: [kind],
      sharing: plan.equalRank && kind === 'commercial' ? 'equal' : 'listed',
    })),
    ...choices.maybe(60, 'account', () => ({
      pots: choices.of<AccountPot[]>(
        ['history', 'current', 'family'],
        ['current'],
        ['family', 'current', 'history'],
        [],
      ),
      pays: choices.of(
        ['deductible', 'coinsurance', 'inScope', 'overCap', 'preSelfPay'],
        ['deductible'],
        ['ownPay', 'coinsurance'],
      ),
    })),
  })
}

function someGivenOrder(choices: Choices): Profile['given'] {
  return {
    basic: choices.of<Category[]>(['inScope', 'preSelfPay'], ['preSelfPay'], []),
    funds: choices.of<Category[]>(['deductible', 'ownPay', 'coinsurance'], ['overCap']),
    hospital: choices.of<Category[]>(['ownPay'], ['coinsurance', 'inScope'], []),
  }
}

function somePacks(choices: Choices, plan: HistoryPlan): RulePack[] {
  const chains: readonly (readonly PackKind[])[] = [
    ['basic'],
    ['basic', 'major-illness'],
    ['basic', 'commercial'],
    ['basic', 'major-illness', 'commercial'],
    ['large-amount', 'medical-aid', 'commercial'],
    ['commercial'],
    ['basic', 'civil-servant', 'charity'],
  ]
  const kinds: readonly PackKind[] = plan.equalRank
    ? ['basic', 'commercial', 'commercial', ...(choices.chance(50) ? ['commercial' as const] : [])]
    : (chains[choices.below(chains.length)] ?? ['basic'])
  return kinds.flatMap((kind, index) => somePack(choices, kind, `${kind}/${index + 1}`, plan))
}

function somePack(choices: Choices, kind: PackKind, id: string, history: HistoryPlan): RulePack[] {
  const policy = kind === 'commercial' || kind === 'charity'
  const plan = planOf(choices, id, kind, policy, history)
  const made = pack(id, kind, {
    requiresPolicy: policy,
    effective: { from: DAY_2023 - 1000, ...someBasis(choices, history) },
    parameters: {
      amount: someMoneyParameter(choices, plan),
      rate: percent(choices.of(80, 65, 100)),
    },
    lists: [
      { name: 'special', match: 'prefix', items: ['XL01'] },
      { name: 'cancers', match: 'exact', items: ['C34', 'C50'] },
    ],
    counters: {
      'shared-deductible': plan.shared.deductible,
      cap: plan.shared.cap,
      seen: plan.seen,
      'seen-times': plan.seenTimes,
      'seen-days': plan.seenDays,
    },
    ...(kind === 'basic' && history.packaged && { packages: [somePackage(choices, plan)] }),
    ...choices.maybe(8, 'covers', () => someCondition(choices, 'covers', policy)),
    benefits: someBenefits(choices, plan),
  })
  return made.effective.by === 'line' && choices.chance(40)
    ? twoVersions(choices, made, plan)
    : [made]
}

/** A bill cut by line has packs that go by another date beside those that go by line. */
function someBasis(choices: Choices, { byLine }: HistoryPlan): Pick<RulePack['effective'], 'by'> {
  if (byLine && !choices.chance(15)) return { by: 'line' }
  return choices.chance(15) ? { by: choices.of('admission', 'discharge', 'settlement') } : {}
}

function planOf(
  choices: Choices,
  id: string,
  kind: PackKind,
  policy: boolean,
  history: HistoryPlan,
): PackPlan {
  const place = { policy }
  return {
    id,
    basic: kind === 'basic',
    policy,
    byLine: history.byLine,
    bareLine: history.packaged,
    equalRank: history.equalRank,
    scale: SCALES[history.size],
    flatEdges: history.flaw === 'flat edges',
    shared: {
      deductible: someCounter(choices, `${id}:shared-deductible`, place),
      cap: someCounter(choices, `${id}:cap`, place),
    },
    seen: someCounter(choices, choices.of(`${id}:seen`, 'seen-by-all'), place),
    seenTimes: someCounter(choices, `${id}:seen-times`, place, 'times'),
    seenDays: someCounter(choices, `${id}:seen-days`, place, 'days'),
  }
}

function someMoneyParameter(choices: Choices, plan: PackPlan) {
  const value = someMoney(choices, plan.scale, 'parameters.amount')
  return value.type === 'parameter' ? { type: 'literal' as const, num: plan.scale, den: 1 } : value
}

function somePackage(choices: Choices, plan: PackPlan): RulePack['packages'][number] {
  return {
    id: 'appendix',
    title: { zh: '阑尾炎', en: 'appendicitis' },
    clause: '第五条',
    when: choices.of(cel('true'), cel('visit.referred')),
    standard: { type: 'literal', num: plan.scale * choices.between(0, 12), den: 1 },
  }
}

function someBenefits(choices: Choices, plan: PackPlan): Benefit[] {
  const made = choices.times(choices.of(1, 2, 3), (index) =>
    someBenefit(choices, `b${index + 1}`, plan),
  )
  const competing = made.length > 1 && choices.chance(20)
  const benefits = made.map((one, index) =>
    competing && index < 2 ? { ...one, bestOf: 'group' } : one,
  )
  return choices.chance(12) ? [...benefits, someFixed(choices, plan)] : benefits
}

/** A new version comes into force in the middle of the stay. */
function twoVersions(choices: Choices, first: RulePack, plan: PackPlan): RulePack[] {
  const last = DAY_2023 + choices.of(360, 365, 364, 100)
  return [
    { ...first, effective: { ...first.effective, to: last } },
    {
      ...first,
      hash: first.hash.replace(/^./, 'f'),
      payer: choices.of(first.payer, { ...first.payer, id: 'another' }),
      effective: { ...first.effective, from: last + 1 },
      benefits: someBenefits(choices, plan),
    },
  ]
}
